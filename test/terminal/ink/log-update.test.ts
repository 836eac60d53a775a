import xterm from '@xterm/headless';
import {describe, expect, it} from 'vitest';
import {type LogUpdate, movedLines} from '../../../source/terminal/ink/log-update.ts';
import {findMove, moveLines} from '../../../source/terminal/ink/moved-lines.ts';
import {inkModule, numbers} from './original.ts';

const stock = (await inkModule('log-update.js')) as LogUpdate;
const columns = 60;
const rows = 16;

/** A screen of which only the terminal knows what it shows. */
function openScreen(update: LogUpdate) {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	let bytes = 0;
	const stream = {
		columns,
		isTTY: true,
		write(text: string) {
			bytes += text.length;
			terminal.write(text.replaceAll('\n', '\r\n'));
			return true;
		},
	};
	const writer = update.create(stream, {incremental: true});
	return {
		writer,
		/** Bytes written since the last time. */
		written: () => {
			const count = bytes;
			bytes = 0;
			return count;
		},
		async lines() {
			await new Promise<void>(resolve => terminal.write('', resolve));
			const {buffer} = terminal;
			return Array.from({length: rows}, (_, y) => buffer.active.getLine(y)?.translateToString(true) ?? '');
		},
	};
}

function row(index: number, age: number): string {
	const task = ['send-report', 'run-agent', 'import', 'charge-card'][index % 4] ?? '';
	return ` ● ${task.padEnd(11)} …${(index * 7919).toString(16).padStart(6, '0')} w-${index}:77  step#${index % 7}  ${age}s │`;
}

/** A heading, rows of a list from a certain one on, hints. */
function frame(from: number, age: number, gone: readonly number[] = []): readonly string[] {
	const shown = Array.from({length: rows * 2}, (_, place) => from + place).filter(index => !gone.includes(index));
	return [' Active claims', ...shown.slice(0, rows - 2).map(index => row(index, age)), ' q quit'];
}

describe('lines that moved', () => {
	it.each([
		['a row left at the top', frame(0, 5), frame(1, 5)],
		['a row left in the middle', frame(0, 5), frame(0, 5, [4])],
		['three rows left', frame(0, 5), frame(3, 5)],
		['two rows came', frame(2, 5), frame(0, 5)],
		['a row left and every age changed', frame(0, 5), frame(1, 6)],
	])('are moved by the terminal: %s', async (_, before, after) => {
		const move = findMove(before, after);
		expect(move).toBeDefined();
		const [ours, theirs] = [openScreen(movedLines(stock)), openScreen(stock)];
		for (const screen of [ours, theirs]) {
			screen.writer(before.join('\n'));
			screen.written();
			screen.writer.setCursorPosition(undefined);
			screen.writer(after.join('\n'));
		}
		expect(await ours.lines()).toEqual(after.map(line => line.trimEnd()));
		expect(ours.written()).toBeLessThan(theirs.written() * 0.7);
	});

	it('are none where nothing moved, or too little', () => {
		expect(findMove(frame(0, 5), frame(0, 5))).toBeUndefined();
		expect(findMove(frame(0, 5), frame(0, 6))).toBeUndefined();
		expect(
			findMove(
				frame(0, 5),
				frame(0, 5).map(line => [...line].reverse().join('')),
			),
		).toBeUndefined();
		expect(findMove(['a', 'b', 'c'], ['b', 'c', 'd'])).toBeUndefined();
		expect(findMove(frame(0, 5), frame(1, 5).slice(1))).toBeUndefined();
	});

	it('come from above as from below', () => {
		const [before, after] = [frame(0, 5), frame(2, 5)];
		for (const [from, to] of [
			[before, after],
			[after, before],
		] as const) {
			const move = findMove(from, to);
			const moved = move ? moveLines(from, move) : from;
			expect(moved).toHaveLength(from.length);
			expect(moved.filter((line, index) => line !== to[index])).toEqual(['', '']);
		}
	});
});

describe('frames one after the other', () => {
	it('stand on the screen whatever came before', async () => {
		const next = numbers(5);
		const screen = openScreen(movedLines(stock));
		const list = {from: 0, gone: new Set<number>()};
		const happenings = [
			() => {
				list.from += next(4);
			},
			() => {
				list.from = Math.max(0, list.from - next(4));
			},
			() => list.gone.add(list.from + next(rows)),
			() => list.gone.clear(),
			() => screen.writer.clear(),
			() => {},
		];
		for (let age = 0; age < 300; age++) {
			happenings[next(happenings.length)]?.();
			const changed = frame(list.from, next(3) === 0 ? age : 7, [...list.gone]);
			const lines = changed.map((line, index) => (next(20) === 0 ? `${index}!` : line));
			// As Ink does before each frame.
			screen.writer.setCursorPosition(undefined);
			screen.writer(lines.join('\n'));
			expect(await screen.lines(), `frame ${age}`).toEqual(lines.map(line => line.trimEnd()));
		}
	});

	it('are moved without a byte of text where that is all', async () => {
		const blank = (lines: readonly string[]) => [...lines.slice(0, -1), ''];
		const [before, after] = [frame(0, 5), [...frame(1, 5).slice(0, -2), '', ' q quit']];
		const screen = openScreen(movedLines(stock));
		screen.writer(blank(before).join('\n'));
		screen.written();
		screen.writer(blank(after).join('\n'));
		expect(await screen.lines()).toEqual(blank(after).map(line => line.trimEnd()));
		expect(screen.written()).toBeLessThan(60);
	});

	it('pass over lines that stay in one step', () => {
		const screen = openScreen(movedLines(stock));
		const lines = frame(0, 5);
		screen.writer(lines.join('\n'));
		screen.written();
		screen.writer([...lines.slice(0, -1), ' q quit.'].join('\n'));
		expect(screen.written()).toBeLessThan(30);
	});

	it('are left to Ink where it does not write them one over the other', async () => {
		const screen = openScreen({
			create: (stream, options) => movedLines(stock).create(stream, {...options, incremental: false}),
		});
		screen.writer(frame(0, 5).join('\n'));
		screen.writer(frame(1, 5).join('\n'));
		expect(await screen.lines()).toEqual(frame(1, 5).map(line => line.trimEnd()));
	});
});
