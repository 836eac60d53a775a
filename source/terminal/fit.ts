import stringWidth from 'string-width';
import {remember} from './remember.ts';
import {isPlain, sanitise} from './sanitise.ts';

export interface FitOptions {
	readonly align?: 'left' | 'right' | 'center';
	/** Which end is cut when the text is too long: `start` keeps the end, `middle` keeps both. */
	readonly truncate?: 'end' | 'start' | 'middle';
}

export const ellipsis = '…';

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** Code units looked at for one cell: more than a base character with a few marks is not text, but an attack. */
const unitsPerCell = 8;

/** Cells that a harmless text fills; escape sequences count as nothing. */
export function measure(text: string): number {
	return isPlain(text) ? text.length : measureOdd(text, '');
}

const measureOdd = remember(text => stringWidth(text));

/**
 * Makes text exactly `width` cells wide and harmless: the only way for text from the database to the screen. Answers
 * plain text (paint it afterwards). Looks at no more of a long text than can be seen.
 */
export function fit(text: string, width: number, options: FitOptions = {}): string {
	if (width <= 0) return '';
	const clipped = clip(text, width, options.truncate);
	return pad(clipped, width - measure(clipped), options.align);
}

/** As `fit` without padding: at most `width` cells. For pieces of a sentence, and the last thing on a line. */
export function clip(text: string, width: number, truncate: Truncate = 'end'): string {
	if (width <= 0) return '';
	if (text.length > width * unitsPerCell || !isPlain(text)) return clippers[truncate](text, String(width));
	return text.length <= width ? text : join(text, width, truncate, takePlainStart, takePlainEnd);
}

type Truncate = NonNullable<FitOptions['truncate']>;

const clippers: Readonly<Record<Truncate, (text: string, width: string) => string>> = {
	end: remember((text, width) => clipOdd(text, Number(width), 'end')),
	start: remember((text, width) => clipOdd(text, Number(width), 'start')),
	middle: remember((text, width) => clipOdd(text, Number(width), 'middle')),
};

function clipOdd(text: string, width: number, truncate: Truncate): string {
	const {text: harmless, cut} = harmlessPart(text, width, truncate);
	if (isPlain(harmless)) {
		if (harmless.length <= width && !cut) return harmless;
		return join(harmless, width, truncate, takePlainStart, takePlainEnd);
	}
	const whole = !cut && measure(harmless) <= width ? harmless : join(harmless, width, truncate, takeStart, takeEnd);
	return settle(whole, width);
}

/** The part of a text that can matter for `width` cells, sanitised; `cut` tells that something was left out. */
function harmlessPart(text: string, width: number, truncate: Truncate): {readonly text: string; readonly cut: boolean} {
	if (text.length <= width && isPlain(text)) return {text, cut: false};
	const limit = width * unitsPerCell + 1;
	if (text.length <= 2 * limit) return {text: anchor(sanitise(text)), cut: false};
	if (truncate === 'end') return {text: anchor(sanitise(text.slice(0, limit))), cut: true};
	if (truncate === 'start') return {text: anchor(sanitise(text.slice(-limit))), cut: true};
	return {text: anchor(sanitise(text.slice(0, limit)) + sanitise(text.slice(-limit))), cut: true};
}

/** A combining mark at the start would join the cell before it. */
function anchor(text: string): string {
	return /^\p{M}/u.test(text) ? `◌${text}` : text;
}

type Take = (text: string, width: number) => string;

function join(text: string, width: number, truncate: Truncate, start: Take, end: Take): string {
	const room = width - 1;
	if (truncate === 'end') return start(text, room) + ellipsis;
	if (truncate === 'start') return ellipsis + end(text, room);
	const head = Math.ceil(room / 2);
	return start(text, head) + ellipsis + end(text, room - head);
}

const takePlainStart: Take = (text, width) => text.slice(0, width);
const takePlainEnd: Take = (text, width) => (width === 0 ? '' : text.slice(-width));

const takeStart: Take = (text, width) => {
	let taken = '';
	let used = 0;
	for (const {segment} of segmenter.segment(text)) {
		used += measure(segment);
		if (used > width) break;
		taken += segment;
	}
	return taken;
};

const takeEnd: Take = (text, width) => {
	const segments = Array.from(segmenter.segment(text), part => part.segment);
	let taken = '';
	let used = 0;
	for (let index = segments.length - 1; index >= 0; index--) {
		const segment = segments[index] ?? '';
		used += measure(segment);
		if (used > width) break;
		taken = segment + taken;
	}
	return anchor(taken);
};

/**
 * Some scripts join what stands apart, so that the whole measures other than its parts, or swallow the space after
 * them. Such a text is shown without those characters: a table that stays in its columns is worth more.
 */
function settle(text: string, width: number): string {
	const measured = measure(text);
	if (measured <= width && measure(`|${text} |`) === measured + 3) return text;
	const replaced = text.replace(/[^\x20-\x7e\u2026]/gu, '\ufffd');
	return measure(replaced) <= width ? replaced : takeStart(replaced, width);
}

function pad(text: string, missing: number, align: FitOptions['align'] = 'left'): string {
	if (missing <= 0) return text;
	if (align === 'left') return text + ' '.repeat(missing);
	if (align === 'right') return ' '.repeat(missing) + text;
	const left = Math.floor(missing / 2);
	return ' '.repeat(left) + text + ' '.repeat(missing - left);
}
