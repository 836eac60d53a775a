import {clip, fit, measure} from '../terminal/fit.ts';
import {isPlain, sanitise} from '../terminal/sanitise.ts';
import type {Theme} from '../terminal/theme.ts';
import type {TextField} from './text-field.ts';

/** What one line of the window shows of a text: from `start` up to `end`, without the line break. */
export interface AreaLine {
	readonly start: number;
	readonly end: number;
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** Code units that a line shows for each of its cells: marks piled on marks are no text. */
const unitsPerCell = 4;

/** Breaks a line that has characters of other widths; the text from `start` to `end` has no line break. */
function breakOdd(text: string, start: number, end: number, width: number): readonly AreaLine[] {
	const lines: AreaLine[] = [];
	let from = start;
	let cells = 0;
	for (const {segment, index} of segmenter.segment(text.slice(start, end))) {
		const at = start + index;
		const wide = measure(sanitise(segment));
		if (at > from && (cells + wide > width || at + segment.length - from > width * unitsPerCell)) {
			lines.push({start: from, end: at});
			from = at;
			cells = 0;
		}
		cells += wide;
	}
	lines.push({start: from, end});
	return lines;
}

function breakPlain(start: number, end: number, width: number): readonly AreaLine[] {
	const count = Math.max(1, Math.ceil((end - start) / width));
	return Array.from({length: count}, (_, index) => ({
		start: start + index * width,
		end: Math.min(end, start + (index + 1) * width),
	}));
}

function layoutAnew(text: string, width: number): readonly AreaLine[] {
	const lines: AreaLine[] = [];
	let start = 0;
	for (const paragraph of text.split('\n')) {
		const end = start + paragraph.length;
		for (const line of isPlain(paragraph) ? breakPlain(start, end, width) : breakOdd(text, start, end, width)) {
			lines.push(line);
		}
		start = end + 1;
	}
	return lines;
}

let last: {readonly text: string; readonly width: number; readonly lines: readonly AreaLine[]} | undefined;

/**
 * The lines of a text in a window of `width` cells: broken at its own line breaks and where a line is full. One cell is
 * left for the caret behind the last character.
 */
export function layoutArea(text: string, width: number): readonly AreaLine[] {
	if (last?.text !== text || last.width !== width) {
		last = {text, width, lines: layoutAnew(text, Math.max(1, width - 1))};
	}
	return last.lines;
}

/** The line that the caret stands on. */
function caretLine(lines: readonly AreaLine[], caret: number): number {
	const next = lines.findIndex(({start}) => start > caret);
	return (next === -1 ? lines.length : next) - 1;
}

/** Moves the caret so many lines down, or up; undefined where it stands on the last line, or the first, already. */
export function moveLines(field: TextField, by: number, width: number): TextField | undefined {
	const {text, caret} = field;
	const lines = layoutArea(text, width);
	const from = caretLine(lines, caret);
	const to = Math.max(0, Math.min(lines.length - 1, from + by));
	const [current, target] = [lines[from], lines[to]];
	if (to === from || current === undefined || target === undefined) return undefined;
	const column = measure(sanitise(text.slice(current.start, caret)));
	let at = target.start;
	let cells = 0;
	for (const {segment} of segmenter.segment(text.slice(target.start, target.end))) {
		const wide = measure(sanitise(segment));
		// On a line that goes on below, the place behind its last character is the start of the next one.
		const full = at + segment.length === target.end && lines[to + 1]?.start === target.end;
		if (cells + wide > column || full) break;
		cells += wide;
		at += segment.length;
	}
	return {text, caret: at};
}

function drawCaretLine(text: string, {start, end}: AreaLine, caret: number, width: number, theme: Theme): string {
	const before = clip(text.slice(start, caret), Math.max(0, width - 1));
	const [first] = segmenter.segment(text.slice(caret, end));
	const under = clip(first?.segment ?? '', 2);
	const cell = under === '' ? ' ' : under;
	const left = width - measure(before) - measure(cell);
	return before + theme.paint.cursor(cell) + fit(text.slice(caret + (first?.segment.length ?? 0), end), left);
}

/** `height` lines of exactly `width` cells around the caret, which is an inverse cell. */
export function drawArea(
	{text, caret}: TextField,
	{width, height, theme}: {readonly width: number; readonly height: number; readonly theme: Theme},
): readonly string[] {
	const lines = layoutArea(text, width);
	const current = caretLine(lines, caret);
	const top = Math.max(0, Math.min(current - Math.floor(height / 2), lines.length - height));
	return Array.from({length: height}, (_, row) => {
		const line = lines[top + row];
		if (line === undefined) return ' '.repeat(width);
		return top + row === current
			? drawCaretLine(text, line, caret, width, theme)
			: fit(text.slice(line.start, line.end), width);
	});
}
