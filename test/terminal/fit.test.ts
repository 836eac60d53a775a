import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {clip, fit as fitText, measure} from '../../source/terminal/fit.ts';
import {isPlain} from '../../source/terminal/sanitise.ts';
import {wrap} from '../../source/terminal/wrap.ts';

const forbidden = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ud800-\udfff]/u;

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 4_294_967_296) * below);
	};
}

const pieces = [
	'\u001b[31m',
	'\u001b[2J',
	'\u001b[?1049l',
	'\u001b]0;title\u0007',
	'\u001b]52;c;Zm9v\u001b\\',
	'\u001bP1;2q\u001b\\',
	'\u001b_x\u001b\\',
	'\u009b31m',
	'\u009d0;x\u009c',
	'\u0000',
	'\u0007',
	'\b',
	'\r',
	'\n',
	'\r\n',
	'\t',
	'\u007f',
	'\u001bc',
	'\u001b]8;;http://x\u0007y\u001b]8;;\u0007',
	'\u202e',
	'\u2066',
	'\u200f',
	'\u061c',
	'\u200b',
	'\u200d',
	'\ufeff',
	'\u00ad',
	'\u2028',
	'漢字',
	'カナ',
	'한글',
	'\u1100\u1161\u11a8',
	'é',
	'e\u0301',
	'a\u0300\u0301\u0302\u0303',
	'\u0301',
	'נו',
	'العربية',
	'क्षि',
	'ก็',
	'\u0d4e',
	'\u0600',
	'\u{111c2}',
	'👩‍👩‍👧',
	'👍🏽',
	'🏽',
	'🇩🇪',
	'🇩',
	'❤️',
	'1️⃣',
	'🚀',
	'\ud83d',
	'\udc00',
	'\u{e0001}',
	'\u{f0000}',
	'\ufffe',
	'\u{10ffff}',
	'\u3000',
	'\u00a0',
	'\u2800',
	'\u3164',
	'plain',
	' ',
	'x',
	'…',
	'0123456789',
];

describe('fit', () => {
	it('answers exactly the asked width and nothing that steers a terminal, whatever it is given', () => {
		const next = random(20_261_120);
		const alignments = ['left', 'right', 'center'] as const;
		const cuts = ['end', 'start', 'middle'] as const;
		for (let round = 0; round < 10_000; round++) {
			let text = '';
			for (let count = next(14); count > 0; count--) text += pieces[next(pieces.length)] ?? '';
			const width = next(32);
			const options = {align: alignments[next(3)] ?? 'left', truncate: cuts[next(3)] ?? 'end'};
			const fitted = fitText(text, width, options);
			const report = JSON.stringify([round, text, width, options, fitted]);
			expect(stringWidth(fitted), report).toBe(width);
			expect(forbidden.test(fitted), report).toBe(false);
			expect(stringWidth(`${fitted}|${fitted}`), report).toBe(2 * width + 1);
		}
	});

	it.each([
		['abc', 5, {}, 'abc  '],
		['abc', 5, {align: 'right'}, '  abc'],
		['abc', 5, {align: 'center'}, ' abc '],
		['abcdef', 5, {}, 'abcd…'],
		['abcdef', 5, {truncate: 'start'}, '…cdef'],
		['abcdef', 5, {truncate: 'middle'}, 'ab…ef'],
		['abc', 1, {}, '…'],
		['abc', 1, {truncate: 'start'}, '…'],
		['abc', 0, {}, ''],
		['漢字漢', 5, {}, '漢字…'],
		['漢字漢', 4, {}, '漢… '],
		['漢字漢', 4, {align: 'right'}, ' 漢…'],
		['e\u0301e\u0301e\u0301', 3, {}, 'e\u0301e\u0301e\u0301'],
		['\u0301x', 3, {}, '◌\u0301x '],
		['a\u001b[31mb', 8, {}, 'a␛[31mb '],
		['a\nb\tc\r\nd', 8, {}, 'a↵b c↵d '],
		['user\u202etxt.exe', 13, {}, 'user⇄txt.exe '],
		['a\u200bb\ufeffc', 4, {}, 'abc '],
		['👩‍👩‍👧', 6, {}, '👩👩👧'],
		['\u009b31m', 5, {}, '\ufffd31m '],
	] as const)('shows %j in %i cells %j as %j', (text, width, options, expected) => {
		expect(fitText(text, width, options)).toBe(expected);
	});

	it('takes a short cut only for characters that are harmless and one cell wide, alone and together', () => {
		let all = '';
		for (let code = 0; code <= 0xffff; code++) {
			const character = String.fromCharCode(code);
			if (!isPlain(character)) continue;
			all += character;
			expect(stringWidth(character), code.toString(16)).toBe(1);
			expect(character, code.toString(16)).toMatch(
				/[^\p{C}\p{M}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/u,
			);
			expect(character === ' ' || !/\p{Z}/u.test(character), code.toString(16)).toBe(true);
		}
		expect(all.length).toBeGreaterThan(600);
		expect(stringWidth(all)).toBe(all.length);
		expect(isPlain('\u{1f680}')).toBe(false);
	});

	it('looks at no more of a long text than can be seen', () => {
		// What is left out may be anything: not one unit of it is asked for.
		for (const [start, end] of [
			['x', '漢'],
			['漢', '\u0301'],
			['\u001b[', '\u200d'],
		] as const) {
			const seen = start.repeat(1000);
			for (const truncate of ['end', 'start', 'middle'] as const) {
				const around = (left: string, right: string) =>
					fitText({end: `${seen}${left}`, start: `${right}${seen}`, middle: `${seen}${left}${seen}`}[truncate], 40, {
						truncate,
					});
				expect(around(end.repeat(5_000_000), end.repeat(5_000_000))).toBe(
					around(start.repeat(1000), start.repeat(1000)),
				);
			}
		}
	});
});

describe('clip', () => {
	it('does not pad', () => {
		expect(clip('abc', 5)).toBe('abc');
		expect(clip('abcdef', 5)).toBe('abcd…');
	});
});

describe('wrap', () => {
	it('breaks at spaces and line breaks, and words that are too long anywhere', () => {
		expect(wrap('the quick brown fox\njumps over', 10)).toEqual(['the quick', 'brown fox', 'jumps over']);
		expect(wrap('a 0123456789abcdef b', 10)).toEqual(['a', '0123456789', 'abcdef b']);
		expect(wrap('漢字漢字漢字', 5)).toEqual(['漢字', '漢字', '漢字']);
		expect(wrap('', 10)).toEqual(['']);
	});

	it('marks what is left out', () => {
		expect(wrap('one two three four', 5, 2)).toEqual(['one', 'two…']);
		expect(wrap('x'.repeat(1_000_000), 5, 2)).toEqual(['xxxxx', 'xxxx…']);
	});

	it('makes no line wider than asked', () => {
		const next = random(7);
		for (let round = 0; round < 2000; round++) {
			let text = '';
			for (let count = next(20); count > 0; count--) text += pieces[next(pieces.length)] ?? '';
			const width = 2 + next(30);
			for (const line of wrap(text, width, 5)) {
				expect(measure(line), JSON.stringify([text, width, line])).toBeLessThanOrEqual(width);
				expect(forbidden.test(line)).toBe(false);
			}
		}
	});
});
