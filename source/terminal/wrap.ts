import {clip, measure} from './fit.ts';
import {isPlain, sanitise} from './sanitise.ts';

/** A line is cut before it is wrapped: nobody reads more of it, and megabytes must not cost time. */
const unitsPerCell = 4;

/**
 * Breaks text into at most `maxLines` harmless lines of at most `width` cells: at its own line breaks and at spaces, a
 * word that is too long anywhere. The last line ends in `…` where something is left out. Lines are not padded.
 */
export function wrap(text: string, width: number, maxLines = Number.POSITIVE_INFINITY): string[] {
	if (width <= 0 || maxLines <= 0) return [];
	const lines: string[] = [];
	const limit = Number.isFinite(maxLines) ? (maxLines + 1) * width * unitsPerCell + 1 : Number.POSITIVE_INFINITY;
	const part = text.length > limit ? text.slice(0, limit) : text;
	for (const paragraph of part.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)) {
		wrapParagraph(sanitise(paragraph), width, maxLines + 1 - lines.length, lines);
		if (lines.length > maxLines) break;
	}
	const left = lines.length > maxLines || part.length < text.length;
	const shown = lines.slice(0, maxLines);
	if (left) shown[shown.length - 1] = clip(`${shown[shown.length - 1] ?? ''}…`, width);
	return shown;
}

function wrapParagraph(text: string, width: number, room: number, lines: string[]): void {
	const end = lines.length + room;
	let line = '';
	for (const word of text.split(/(?<= )(?=[^ ])/)) {
		if (measure((line + word).trimEnd()) <= width) {
			line += word;
			continue;
		}
		if (line.trim() !== '') lines.push(line.trimEnd());
		line = breakWord(word, width, end, lines);
		if (lines.length >= end) return;
	}
	lines.push(line.trimEnd());
}

/** Pushes full lines of a word that is wider than a line; answers what is left of it. */
function breakWord(word: string, width: number, end: number, lines: string[]): string {
	let rest = word;
	while (measure(rest.trimEnd()) > width && lines.length < end) {
		const head = startOf(rest, width);
		lines.push(head);
		rest = rest.slice(head.length);
	}
	return rest;
}

/** The longest start of harmless text that fits, at least one character. */
function startOf(text: string, width: number): string {
	if (isPlain(text)) return text.slice(0, width);
	let head = '';
	for (const character of text) {
		if (head !== '' && measure(head + character) > width) break;
		head += character;
	}
	return head;
}
