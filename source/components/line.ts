import {clip, fit, measure} from '../terminal/fit.ts';
import type {Theme, Tone} from '../terminal/theme.ts';

/** A piece of a line with its tone. */
export interface Piece {
	readonly text: string;
	readonly tone: Tone;
}

/** Paints pieces one after the other and cuts or pads them to exactly `width` cells. */
export function drawLine(pieces: readonly Piece[], width: number, theme: Theme): string {
	let line = '';
	let left = width;
	for (const {text, tone} of pieces) {
		if (left <= 0) {
			break;
		}

		const shown = clip(text, left);
		line += theme.paint[tone](shown);
		left -= measure(shown);
	}

	return line + ' '.repeat(Math.max(0, left));
}

/** Pieces at the left and at the right end; what does not fit is taken from the left ones. */
export function drawEnds(left: readonly Piece[], right: readonly Piece[], width: number, theme: Theme): string {
	const tail = right.map(({text, tone}) => ({text: clip(text, width), tone}));
	const cells = tail.reduce((sum, {text}) => sum + measure(text), 0);
	return cells === 0 || cells >= width - 1
		? drawLine(left, width, theme)
		: `${drawLine(left, width - cells - 1, theme)} ${drawLine(tail, cells, theme)}`;
}

/** A whole line in one tone, padded. */
export function drawText(text: string, width: number, tone: Tone, theme: Theme): string {
	return theme.paint[tone](fit(text, width));
}
