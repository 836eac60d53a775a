import {measure} from './fit.ts';

const substitutes: Readonly<Record<string, string>> = {
	'…': '~',
	'·': '-',
	'–': '-',
	'—': '-',
	'−': '-',
	'│': '|',
	'─': '-',
	'├': '[',
	'┤': ']',
	'═': '=',
	'▸': '>',
	'▾': 'v',
	'▴': '^',
	'←': '<',
	'→': '>',
	'≥': '>',
	'≤': '<',
	'↵': '/',
	'⇄': '?',
	'×': 'x',
	'‹': '<',
	'›': '>',
	'“': '"',
	'”': '"',
	'’': "'",
	ø: 'o',
};

/**
 * Turns a finished line into ASCII for terminals that know nothing else, cell by cell, so that columns stay where they
 * are: known glyphs get a stand-in, everything else a question mark a cell. Escape sequences pass.
 */
export function toAscii(line: string): string {
	return line.replace(/[^\x1b\x20-\x7e]/gu, character => substitutes[character] ?? '?'.repeat(measure(character)));
}
