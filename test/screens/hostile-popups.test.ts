import {stripVTControlCharacters} from 'node:util';
import {describe, expect, it} from 'vitest';
import type {Hands} from '../../source/monitor/hands.ts';
import type {Frame} from '../../source/screens/frame.ts';
import {openView} from '../../source/screens/index.ts';
import {measure} from '../../source/terminal/fit.ts';
import {allAnswers} from '../support/answers.ts';
import {checkedSnapshot} from '../support/checked.ts';
import {now} from '../support/fixture.ts';
import {poison, poisoned} from '../support/poisoned.ts';
import {answered, runDetail} from '../support/run-fixture.ts';
import {mountShell, type Rig} from '../support/shell.tsx';

// Dialogs, forms and everything that lies over a screen, with texts that attack the terminal: borders stand in one
// line, nothing is wider than the window, and no control character is left.

const hostile = `${poison}order-4711 ${'宽'.repeat(80)}`;

/** Hands whose every answer is hostile. */
const hands: Hands = {
	refusal: () => undefined,
	preview: async intent => ({
		task:
			'taskId' in intent
				? {
						queue: intent.queue,
						taskId: intent.taskId,
						name: hostile,
						state: 'failed',
						attempts: 5,
						maxAttempts: 5,
						ageMs: 60_000,
					}
				: undefined,
		consequences: [`${hostile} is put back as attempt 6.`, hostile],
		refusal: undefined,
	}),
	perform: async () => ({kind: 'failed', sentence: `It went wrong: ${hostile}`, sqlstate: 'P0001'}),
	previewBulk: async () => ({at: 0, act: [], skipped: []}),
	performBulk: async () => ({results: [], trouble: undefined}),
	suggest: async () => ({taskNames: [hostile, `${hostile}2`], eventNames: [hostile]}),
	usualMaxAttempts: async () => 5,
	template: async () => {
		throw new Error(`There is no such task: ${hostile}`);
	},
	log: () => [
		{
			id: 'intent-1',
			at: now - 60_000,
			kind: 'retry',
			subject: `task ${hostile} in queue ${hostile}`,
			place: hostile,
			tasks: [],
			open: [],
			queues: [hostile],
			outcome: 'failed',
			sentence: hostile,
			reason: hostile,
			earlier: true,
		},
	],
	close: async () => {},
};

const bare = (line: string) => stripVTControlCharacters(line);

function expectWhole({lines, box, columns, rows}: Frame): void {
	expect(lines).toHaveLength(rows);
	for (const line of [...lines, ...(box?.lines ?? [])]) {
		expect(bare(line)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
		expect([line, measure(bare(line)) <= columns]).toEqual([line, true]);
	}
	if (box === undefined) return;
	const [top = '', ...inside] = box.lines.map(bare);
	const bottom = inside.pop() ?? '';
	expect(box.left + measure(top)).toBeLessThanOrEqual(columns);
	expect([top[0], top.at(-1), bottom[0], bottom.at(-1)]).toEqual(['┌', '┐', '└', '┘']);
	for (const line of inside) {
		expect([line, line.slice(0, 2), line.slice(-2), measure(line)]).toEqual([line, '│ ', ' │', measure(top)]);
	}
}

const {run: _run, ...answers} = allAnswers;

async function open(columns: number, rows: number): Promise<Rig> {
	const rig = await mountShell(poisoned(checkedSnapshot), {columns, rows, now, hands, realPopups: true, openView});
	rig.monitor.answer(poisoned({...answers, ...answered(runDetail)}));
	await rig.settle();
	return rig;
}

/** What of it can be typed: the rest are keys of their own. */
const typed = [...poison].filter(character => !/\p{Cc}/u.test(character));

/** Keys that lead somewhere, from the first screen; a `box` is there afterwards. */
const ways: readonly {readonly to: string; readonly keys: readonly string[]; readonly box?: boolean}[] = [
	{to: 'the dialog of a retry', keys: ['tab', 'tab', 'R'], box: true},
	{to: 'what went wrong with it', keys: ['tab', 'tab', 'R', 'y'], box: true},
	{to: 'the dialog of a cancellation', keys: ['tab', 'C'], box: true},
	{to: 'the form of a new task', keys: ['N'], box: true},
	{to: 'its fields, filled', keys: ['N', ...typed, ...'name', 'tab', ...'宽宽', 'tab', 'tab', 'up'], box: true},
	{to: 'the form of an event', keys: ['E'], box: true},
	{to: 'the palette', keys: [':']},
	{to: 'the palette, narrowed', keys: [':', ...'re']},
	{to: 'the log', keys: ['@']},
	{to: 'the findings', keys: ['!', 'down', 'down']},
	{to: 'the help', keys: ['?']},
	{to: 'what it costs', keys: ['D']},
	{to: 'the saved filters', keys: ['F']},
	{to: 'a filter that is typed', keys: ['/', ...'name:"', ...'宽', 'tab']},
	{to: 'the doctor and its remedy', keys: ['8', 'down', 'down', 'down']},
	{to: 'the page of a queue', keys: ['enter']},
	{to: 'the types of a queue', keys: ['enter', 'tab', 'tab']},
	{to: 'a task', keys: ['tab', 'tab', 'enter']},
	...[1, 2, 3, 4, 5].map(section => ({
		to: `section ${section} of a task`,
		keys: ['tab', 'tab', 'enter', ...Array<string>(section).fill('tab'), 'down', 'enter', 'down'],
	})),
];

describe.each([
	[80, 24],
	[120, 40],
	[200, 50],
])('at %i x %i', (columns, rows) => {
	it.each(ways)('$to', async ({keys, box}) => {
		const rig = await open(columns, rows);
		expectWhole(rig.shell.frame());
		for (const key of keys) {
			await rig.press(key);
			expectWhole(rig.shell.frame());
		}
		if (box !== undefined) expect(rig.shell.frame().box !== undefined).toBe(box);
		await rig.end();
	});
});
