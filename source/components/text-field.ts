import {clip, fit, measure} from '../terminal/fit.ts';
import type {Theme} from '../terminal/theme.ts';

/** A line of text that is being edited. */
export interface TextField {
	readonly text: string;
	/** Index into the text, always between two graphemes. */
	readonly caret: number;
}

export function textField(text: string): TextField {
	return {text, caret: text.length};
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** More than that was never meant for a field, and each key looks at all of it. */
export const longestField = 100_000;

function boundaryBefore({text, caret}: TextField): number {
	// The grapheme before the caret is found in the last few characters: long texts stay cheap.
	const from = Math.max(0, caret - 32);
	const parts = [...segmenter.segment(text.slice(from, caret))];
	return from + (parts[parts.length - 1]?.index ?? 0);
}

function boundaryAfter({text, caret}: TextField): number {
	const [first] = segmenter.segment(text.slice(caret, caret + 32));
	return caret + (first?.segment.length ?? 0);
}

function wordBefore({text, caret}: TextField): number {
	return text.slice(0, caret).replace(/[\p{L}\p{N}_]+[^\p{L}\p{N}_]*$|[^\p{L}\p{N}_]+$/u, '').length;
}

function wordAfter({text, caret}: TextField): number {
	const rest = /^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(caret));
	return caret + (rest?.[0].length ?? 0);
}

function cut({text}: TextField, from: number, to: number): TextField {
	return {text: text.slice(0, from) + text.slice(to), caret: from};
}

type Edit = (field: TextField) => TextField;

const edits: Readonly<Record<string, Edit>> = {
	left: field => ({...field, caret: boundaryBefore(field)}),
	right: field => ({...field, caret: boundaryAfter(field)}),
	home: field => ({...field, caret: 0}),
	end: field => ({...field, caret: field.text.length}),
	'ctrl+e': field => ({...field, caret: field.text.length}),
	'ctrl+left': field => ({...field, caret: wordBefore(field)}),
	'ctrl+right': field => ({...field, caret: wordAfter(field)}),
	'meta+left': field => ({...field, caret: wordBefore(field)}),
	'meta+right': field => ({...field, caret: wordAfter(field)}),
	'meta+b': field => ({...field, caret: wordBefore(field)}),
	'meta+f': field => ({...field, caret: wordAfter(field)}),
	backspace: field => cut(field, boundaryBefore(field), field.caret),
	delete: field => cut(field, field.caret, boundaryAfter(field)),
	'ctrl+d': field => cut(field, field.caret, boundaryAfter(field)),
	'ctrl+w': field => cut(field, wordBefore(field), field.caret),
	'meta+backspace': field => cut(field, wordBefore(field), field.caret),
	'ctrl+u': field => cut(field, 0, field.caret),
	'ctrl+k': field => cut(field, field.caret, field.text.length),
};

/** Puts text at the caret; what would make the field too long is left out. */
export function insertText({text, caret}: TextField, added: string): TextField {
	const room = Math.max(0, longestField - text.length);
	const shown = added.slice(0, room);
	return {text: text.slice(0, caret) + shown + text.slice(caret), caret: caret + shown.length};
}

/** A key in a field: what types goes in, what edits edits; undefined = the key means nothing to a field. */
export function editField(
	field: TextField,
	key: {readonly name: string; readonly text: string},
): TextField | undefined {
	if (key.text !== '') {
		return insertText(field, key.text);
	}

	return edits[key.name]?.(field);
}

/** A field of exactly `width` cells; with `focused` the caret is an inverse cell and the text scrolls with it. */
export function drawField({text, caret}: TextField, width: number, theme: Theme, focused: boolean): string {
	if (!focused) {
		return fit(text, width);
	}

	const before = clip(text.slice(0, caret), Math.max(1, width - 1), 'start');
	const under = text.slice(caret, boundaryAfter({text, caret}));
	const cell = under === '' ? ' ' : clip(under, 2);
	const left = width - measure(before) - measure(cell);
	// A wide character may not fit at the very end: the caret is then a plain cell.
	return left < 0
		? before + theme.paint.cursor(' '.repeat(Math.max(0, width - measure(before))))
		: before + theme.paint.cursor(cell) + fit(text.slice(caret + under.length), left);
}
