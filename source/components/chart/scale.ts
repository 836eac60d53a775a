import type {Duration, Instant} from '../../monitor/snapshot.ts';
import {formatDuration} from '../../terminal/duration.ts';
import {measure} from '../../terminal/fit.ts';
import {formatInstant} from '../../terminal/instant.ts';

/** The stretch of time that is drawn, and the cells it is drawn on. */
export interface View {
	readonly from: Instant;
	readonly to: Instant;
	readonly cells: number;
}

/** Closer than this nothing can be told apart: claims and checkpoints carry milliseconds. */
const least = 20;

/** A part of the whole around `center`: each level of zoom halves it. It never leaves the whole. */
export function zoomed(whole: View, level: number, center: Instant): View {
	const length = Math.max(least, (whole.to - whole.from) / 2 ** level);
	if (length >= whole.to - whole.from) return whole;
	const from = Math.min(Math.max(whole.from, center - length / 2), whole.to - length);
	return {...whole, from, to: from + length};
}

/** The deepest level at which there is still something to see. */
export function deepest({from, to}: Pick<View, 'from' | 'to'>): number {
	return Math.max(0, Math.floor(Math.log2(Math.max(1, (to - from) / least))));
}

/** The cell where an instant lies, 0 to `cells`; what lies outside counts as the nearer end. */
export function cellOf({from, to, cells}: View, instant: Instant): number {
	const place = ((instant - from) / (to - from)) * cells;
	return Math.round(Math.max(0, Math.min(cells, place)));
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const steps: readonly Duration[] = [
	...[5, 10, 20, 50, 100, 200, 500],
	...[1, 2, 5, 10, 15, 30].map(count => count * second),
	...[1, 2, 5, 10, 15, 30].map(count => count * minute),
	...[1, 2, 3, 6, 12].map(count => count * hour),
	...[1, 2, 7, 14, 28, 91, 182, 365].map(count => count * day),
];

/** Cells between the starts of two labels. */
const apart = 11;

export interface Tick {
	readonly at: Instant;
	readonly label: string;
}

function labelOf(at: Instant, step: Duration, start: Instant, utc: boolean): string {
	const text = formatInstant(at, utc);
	if (step < second) {
		// Long after the beginning the distance says less than the clock: minutes, seconds and milliseconds.
		const part = String(((at % second) + second) % second).padStart(3, '0');
		return at - start < 10 * second
			? `+${formatDuration(Math.round(at - Math.floor(start)))}`
			: `${text.slice(14)}.${part}`;
	}
	if (step >= day) return text.slice(5, 10);
	return step < minute ? text.slice(11) : text.slice(11, 16);
}

/** Round instants of the view with their labels; below a second they count from `start`, the beginning. */
export function ticksOf(view: View, start: Instant, utc: boolean): readonly Tick[] {
	const {from, to, cells} = view;
	const room = Math.max(1, Math.floor(cells / apart));
	const step = steps.find(each => (to - from) / each <= room) ?? (to - from) / room;
	const offset = step < second ? Math.floor(start) : utc ? 0 : new Date(from).getTimezoneOffset() * minute;
	const first = Math.ceil((from - offset) / step) * step + offset;
	const count = Math.max(0, Math.floor((to - first) / step) + 1);
	return Array.from({length: Math.min(count, cells)}, (_, index) => {
		const at = first + index * step;
		return {at, label: labelOf(at, step, start, utc)};
	});
}

/** The line of labels above a chart, exactly as many cells as the view has; a label that does not fit is left out. */
export function axisText(view: View, start: Instant, utc: boolean): string {
	let line = '';
	for (const {at, label} of ticksOf(view, start, utc)) {
		const cell = cellOf(view, at);
		if (cell < measure(line) + (line === '' ? 0 : 1) || cell + label.length > view.cells) continue;
		line = line.padEnd(cell) + label;
	}
	return line.padEnd(view.cells);
}
