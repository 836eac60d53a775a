import stringWidth from 'string-width';
import {describe, expect, it} from 'vitest';
import {isPlain} from '../../source/terminal/sanitise.ts';
import {quickStringWidth} from '../../source/terminal/string-width.ts';

/** Every character of the basic plane that counts as plain. */
const plain = Array.from({length: 0x1_0000}, (_, code) => String.fromCharCode(code)).filter(isPlain);

describe('the quick way to measure', () => {
	it('agrees with the library on every plain character, alone, in pairs and with colours', () => {
		expect(plain.length).toBeGreaterThan(500);
		for (const [index, character] of plain.entries()) {
			const pair = character + (plain[(index * 7) % plain.length] ?? '');
			for (const text of [character, pair, `\u001B[1;31m${pair}\u001B[0m`, `a${character}b`]) {
				expect([text, quickStringWidth(text)]).toEqual([text, stringWidth(text)]);
			}
		}
	});

	it('leaves everything else to the library', () => {
		for (const text of ['表', '👍🏽', 'e\u0301', '\u001B]8;;x\u0007link\u001B]8;;\u0007', '▸\uFE0F', 'ก็', '']) {
			expect(quickStringWidth(text)).toBe(stringWidth(text));
		}
		expect(quickStringWidth('…', {ambiguousIsNarrow: false})).toBe(stringWidth('…', {ambiguousIsNarrow: false}));
	});
});
