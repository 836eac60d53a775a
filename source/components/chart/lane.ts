import type {Instant} from '../../monitor/snapshot.ts';
import {clip, measure} from '../../terminal/fit.ts';
import type {Theme, Tone} from '../../terminal/theme.ts';
import type {Piece} from '../line.ts';
import {cellOf, type View} from './scale.ts';

/** How a bar is drawn: between two ends, open to the right, or as a shade. */
export type Look = 'box' | 'open' | 'shade' | 'dots' | 'full';

/** A stretch of time with something to say; bars of a line stand in order and do not overlap. */
export interface Bar {
	readonly from: Instant;
	readonly to: Instant;
	readonly look: Look;
	readonly tone: Tone;
	/** What is written on it, the best first; the first that fits. */
	readonly labels: readonly string[];
	/** Gets a cell even when it is too short for one. */
	readonly important: boolean;
}

interface Placed {
	readonly bar: Bar;
	readonly start: number;
	readonly cells: number;
}

/** Cells of each bar. An important one that is too short takes a cell of the next one that can spare it. */
function place(bars: readonly Bar[], view: View): readonly Placed[] {
	let taken = 0;
	const placed: Placed[] = [];
	for (const [index, bar] of bars.entries()) {
		if (bar.to < view.from || bar.from > view.to) continue;
		const start = Math.max(taken, cellOf(view, bar.from));
		let end = Math.max(start, cellOf(view, bar.to));
		const next = bars[index + 1];
		const spare = next ? cellOf(view, next.to) - end > 1 : end < view.cells;
		if (end === start && bar.important && spare) end++;
		if (end > start) placed.push({bar, start, cells: end - start});
		taken = Math.max(taken, end);
	}
	return placed;
}

const fills: Readonly<Record<Look, readonly [left: string, fill: string, right: string]>> = {
	box: ['├', '─', '┤'],
	open: ['├', '─', '─'],
	shade: ['', '░', ''],
	dots: ['', '·', ''],
	full: ['', '▓', ''],
};

function drawBar({bar, cells}: Placed, theme: Theme): Piece & {readonly labelled?: boolean} {
	const [left, fill, right] = fills[bar.look];
	const stroke = bar.look === 'shade' ? theme.glyph.barEmpty : bar.look === 'full' ? theme.glyph.barFull : fill;
	if (cells === 1) return {text: left === '' ? stroke : '│', tone: bar.tone};
	const room = cells - left.length - right.length;
	// A shade begins with two cells of itself.
	const lead = left === '' ? 2 : 0;
	const label = fitting(bar, room - lead);
	if (label === undefined) return {text: left + stroke.repeat(room) + right, tone: bar.tone};
	const rest = room - lead - measure(label);
	const before = left === '' ? 0 : Math.floor(rest / 2);
	return {
		text: left + stroke.repeat(lead + before) + label + stroke.repeat(rest - before) + right,
		tone: bar.tone,
		labelled: true,
	};
}

/** The first label that fits between two blanks, else the first that fits at all; harmless. */
function fitting({labels}: Bar, room: number): string | undefined {
	const spaced = labels.find(each => each !== '' && measure(each) + 2 <= room);
	if (spaced !== undefined) return ` ${clip(spaced, room - 2)} `;
	const bare = labels.find(each => each !== '' && measure(each) <= room);
	return bare === undefined ? undefined : clip(bare, room);
}

/** A line of bars. */
export interface DrawnBars {
	readonly pieces: readonly Piece[];
	/** Cells used. */
	readonly cells: number;
	/** Whether any bar was long enough for its text. */
	readonly labelled: boolean;
}

/** Draws bars on the cells of the view; blank where there is none. */
export function drawBars(bars: readonly Bar[], view: View, theme: Theme): DrawnBars {
	const pieces: Piece[] = [];
	let cells = 0;
	let labelled = false;
	for (const each of place(bars, view)) {
		if (each.start > cells) pieces.push({text: ' '.repeat(each.start - cells), tone: 'plain'});
		const piece = drawBar(each, theme);
		pieces.push(piece);
		labelled ||= piece.labelled === true;
		cells = each.start + each.cells;
	}
	return {pieces, cells, labelled};
}
