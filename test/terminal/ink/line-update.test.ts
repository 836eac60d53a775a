import xterm from '@xterm/headless';
import {describe, expect, it} from 'vitest';
import {changedCells, type LineUpdate} from '../../../source/terminal/ink/line-update.ts';
import {inkModule, numbers} from './original.ts';

const stock = (await inkModule('line-update.js')) as LineUpdate;
const update = changedCells(stock);
const columns = 40;

/** What a terminal shows after these bytes: each cell with its looks. */
async function show(bytes: string): Promise<readonly string[]> {
	const terminal = new xterm.Terminal({cols: columns, rows: 3, allowProposedApi: true});
	await new Promise<void>(resolve => terminal.write(bytes, resolve));
	const line = terminal.buffer.active.getLine(0);
	const cells = Array.from({length: columns}, (_, index) => {
		const cell = line?.getCell(index);
		if (cell === undefined) return '';
		const looks = [
			cell.isBold(),
			cell.isDim(),
			cell.isInverse(),
			cell.isUnderline(),
			cell.getFgColor(),
			cell.getBgColor(),
		];
		return `${cell.getChars() || ' '} ${looks.join(' ')}`;
	});
	terminal.dispose();
	return cells;
}

const paints = [
	(text: string) => text,
	(text: string) => `\u001B[31m${text}\u001B[39m`,
	(text: string) => `\u001B[1m${text}\u001B[22m`,
	(text: string) => `\u001B[2m\u001B[92m${text}\u001B[39m\u001B[22m`,
	(text: string) => `\u001B[7m\u001B[44mx${text}\u001B[0m`,
];

function lineOf(next: (limit: number) => number): string {
	const words = ['12s', 'plan#3', '▓▓▓░ 74s', 'mail', '', '表', ' '];
	const parts = Array.from(
		{length: next(6)},
		() => paints[next(paints.length)]?.(words[next(words.length)] ?? '') ?? '',
	);
	return parts.join(' ');
}

describe('the cells that changed', () => {
	it('make the next line of any other', async () => {
		const next = numbers(11);
		let shorter = 0;
		for (let round = 0; round < 400; round++) {
			const [previous, following] = [lineOf(next), lineOf(next)];
			const bytes = update(previous, following, columns);
			expect(await show(`${previous}${bytes}`), JSON.stringify([previous, following])).toEqual(await show(following));
			if (bytes.length < stock(previous, following, columns).length) shorter++;
		}
		expect(shorter).toBeGreaterThan(50);
	});

	it('are written alone', () => {
		expect(update('w-7  plan#3  ▓▓▓░ 74s  mail', 'w-7  plan#4  ▓▓▓░ 72s  mail', columns)).toBe('\u001B[11G4  ▓▓▓░ 72');
		expect(update('failed 3 of 5 attempts, 14 left', 'failed 4 of 5 attempts, 13 left', columns)).toBe(
			'\u001B[8G4\u001B[26G3',
		);
		expect(update('\u001B[31mdead 12\u001B[39m', '\u001B[31mdead 13\u001B[39m', columns)).toBe(
			'\u001B[7G\u001B[31m3\u001B[m',
		);
		expect(update('one two', 'one', columns)).toBe('\u001B[4G\u001B[K');
	});

	it('are left to Ink where widths or styles are unknown', () => {
		for (const [previous, following] of [
			['表 12', '表 13'],
			['\u001B[38;5;196mred 1\u001B[39m', '\u001B[38;5;196mred 2\u001B[39m'],
			['\u001B[31mopen 1', '\u001B[31mopen 2'],
		] as const) {
			expect(update(previous, following, columns)).toBe(stock(previous, following, columns));
		}
	});
});
