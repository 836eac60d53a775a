import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {quickStringWidth} from '../../../source/terminal/ink/string-width.ts';
import {isPlain} from '../../../source/terminal/sanitise.ts';

const quick = quickStringWidth(() => stringWidth);

/** Every character of the basic plane that counts as plain. */
const plain = Array.from({length: 0x1_0000}, (_, code) => String.fromCharCode(code)).filter(isPlain);

describe('the quick way to measure', () => {
	it('agrees with the library on every plain character, alone, in pairs and with colours', () => {
		expect(plain.length).toBeGreaterThan(500);
		for (const [index, character] of plain.entries()) {
			const pair = character + (plain[(index * 7) % plain.length] ?? '');
			for (const text of [character, pair, `\u001B[1;31m${pair}\u001B[0m`, `a${character}b`]) {
				expect([text, quick(text)]).toEqual([text, stringWidth(text)]);
			}
		}
	});

	it('does not load the library for them', () => {
		const refusing = quickStringWidth(() => {
			throw new Error('The library was loaded.');
		});
		expect(refusing('\u001B[1m▁▂▃ ready…\u001B[22m')).toBe(10);
		expect(() => refusing('表')).toThrow('The library was loaded.');
	});

	it('leaves everything else to the library', () => {
		for (const text of ['表', '👍🏽', 'e\u0301', '\u001B]8;;x\u0007link\u001B]8;;\u0007', '▸\uFE0F', 'ก็', '']) {
			expect(quick(text)).toBe(stringWidth(text));
		}
		expect(quick('…', {ambiguousIsNarrow: false})).toBe(stringWidth('…', {ambiguousIsNarrow: false}));
	});
});
