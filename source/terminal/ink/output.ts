/** What Ink's renderer asks of its picture of a frame (ink/build/output.js). */
export interface InkOutput {
	write(x: number, y: number, text: string, options: {readonly transformers: readonly Transformer[]}): void;
	clip(clip: Clip): void;
	unclip(): void;
	get(): {readonly output: string; readonly height: number};
}

/** Turns a line of a text into what is written for it. */
export type Transformer = (line: string, index: number) => string;

export interface Clip {
	readonly x1: number | undefined;
	readonly x2: number | undefined;
	readonly y1: number | undefined;
	readonly y2: number | undefined;
}

export type InkOutputClass = new (size: {readonly width: number; readonly height: number}) => InkOutput;

interface Piece {
	readonly x: number;
	readonly line: string;
}

/**
 * What the bundle has in the place of Ink's `Output`: the same picture of a frame, made line by line. Ink's own cuts every
 * text into cells, paints them one by one over as many blank ones as the window has, and puts the lines together again:
 * half of what a frame costs. Our frames are whole lines already, so a line that nothing lies over is its own picture; a
 * line with something in front of it, and frames with clipped boxes, are left to Ink's class.
 */
export function wholeLines(Stock: InkOutputClass): InkOutputClass {
	return class WholeLines implements InkOutput {
		readonly #width: number;
		readonly #stock: InkOutput;
		readonly #rows: (readonly Piece[])[];
		#clipped = false;

		constructor(size: {readonly width: number; readonly height: number}) {
			this.#width = size.width;
			this.#stock = new Stock(size);
			this.#rows = Array.from({length: size.height}, () => []);
		}

		write(x: number, y: number, text: string, options: {readonly transformers: readonly Transformer[]}): void {
			// It only takes notes: they are used where a box is clipped.
			this.#stock.write(x, y, text, options);
			if (this.#clipped || text === '') return;
			for (const [index, part] of text.split('\n').entries()) {
				const row = this.#rows[y + index];
				if (row === undefined) continue;
				const line = options.transformers.reduce((done, transform) => transform(done, index), part);
				this.#rows[y + index] = [...row, {x, line}];
			}
		}

		clip(clip: Clip): void {
			this.#clipped = true;
			this.#stock.clip(clip);
		}

		unclip(): void {
			this.#stock.unclip();
		}

		get(): {readonly output: string; readonly height: number} {
			if (this.#clipped) return this.#stock.get();
			return {output: this.#rows.map(row => this.#line(row)).join('\n'), height: this.#rows.length};
		}

		#line(pieces: readonly Piece[]): string {
			const [first, ...over] = pieces;
			if (first === undefined) return '';
			if (over.length === 0 && first.x === 0) return first.line.trimEnd();
			const row = new Stock({width: this.#width, height: 1});
			for (const {x, line} of pieces) row.write(x, 0, line, {transformers: []});
			return row.get().output;
		}
	};
}
