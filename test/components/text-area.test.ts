import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {drawArea, layoutArea, moveLines} from '../../source/components/text-area.ts';
import {measure} from '../../source/terminal/fit.ts';
import {createTheme} from '../../source/terminal/theme.ts';
import {createRandom, pick} from '../support/random.ts';

const theme = createTheme({colour: false, ascii: false});
const parts = (text: string, width: number) => layoutArea(text, width).map(({start, end}) => text.slice(start, end));

test('breaks at line breaks and where a line is full, with a cell for the caret', () => {
	expect(parts('', 10)).toEqual(['']);
	expect(parts('ab\n\ncd\n', 10)).toEqual(['ab', '', 'cd', '']);
	expect(parts('abcdefgh', 5)).toEqual(['abcd', 'efgh']);
	expect(parts('漢字漢字', 6)).toEqual(['漢字', '漢字']);
});

test('nothing of a text is lost or shown twice, and no line is wider than its window', () => {
	const random = createRandom(4711);
	const pieces = ['a', ' ', '\n', '漢', 'é', 'e\u0301', '👩‍🚀', '\u202e', '\u001b[2J', '\t', '"key": '];
	for (let round = 0; round < 200; round++) {
		const text = Array.from({length: 60}, () => pick(pieces, random)).join('');
		const width = 3 + Math.floor(random() * 30);
		const lines = layoutArea(text, width);
		const joined = lines
			.map(({start, end}, index) => text.slice(start, end) + (lines[index + 1]?.start === end + 1 ? '\n' : ''))
			.join('');
		expect(joined).toBe(text);
		for (const caret of [0, Math.floor(text.length / 2), text.length]) {
			for (const line of drawArea({text, caret}, {width, height: 4, theme})) {
				expect(measure(stripVTControlCharacters(line))).toBe(width);
			}
		}
	}
});

test('the window follows the caret', () => {
	const text = Array.from({length: 50}, (_, index) => `line ${index}`).join('\n');
	const shown = (caret: number) =>
		drawArea({text, caret}, {width: 12, height: 5, theme}).map(line => stripVTControlCharacters(line).trim());
	expect(shown(0)).toEqual(['line 0', 'line 1', 'line 2', 'line 3', 'line 4']);
	expect(shown(text.indexOf('line 20'))).toEqual(['line 18', 'line 19', 'line 20', 'line 21', 'line 22']);
	expect(shown(text.length)).toEqual(['line 45', 'line 46', 'line 47', 'line 48', 'line 49']);
});

test('the caret keeps its column where the other line has one, and stays where there is no other line', () => {
	const text = 'abcdef\nx\nuvwxyz';
	expect(moveLines({text, caret: 3}, 1, 20)?.caret).toBe(8);
	expect(moveLines({text, caret: 3}, 2, 20)?.caret).toBe(text.indexOf('x', 9));
	expect(moveLines({text, caret: text.length}, -2, 20)?.caret).toBe(6);
	expect(moveLines({text, caret: 3}, -1, 20)).toBeUndefined();
	expect(moveLines({text, caret: 12}, 1, 20)).toBeUndefined();
	// A long way is cut at the end.
	expect(moveLines({text, caret: 3}, 100, 20)?.caret).toBe(12);
	// Lines that are only broken because they are full: down the whole text, each key another line.
	const long = 'abcdefghij'.repeat(3);
	const carets = [7];
	for (let index = 0; index < 5; index++)
		carets.push(moveLines({text: long, caret: carets.at(-1) ?? 0}, 1, 9)?.caret ?? -1);
	expect(carets.slice(0, 4)).toEqual([7, 15, 23, 30]);
});
