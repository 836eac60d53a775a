/** The class by another name: the build puts ours in the place of `Intl.Segmenter`. */
const {Segmenter} = globalThis.Intl;

/**
 * What the bundle has in the place of `Intl.Segmenter`: the same one, made when it is first asked. Libraries make theirs
 * when they are loaded, and the first of a process takes as long as two frames.
 */
export class LazySegmenter {
	readonly #make: () => Intl.Segmenter;
	#made: Intl.Segmenter | undefined;

	constructor(locales?: Intl.LocalesArgument, options?: Intl.SegmenterOptions) {
		this.#make = () => new Segmenter(locales, options);
	}

	segment(text: string): Intl.Segments {
		this.#made ??= this.#make();
		return this.#made.segment(text);
	}
}
