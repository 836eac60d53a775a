import {beforeEach, expect, it} from 'vitest';
import type {Hands, Intent} from '../../source/monitor/hands.ts';
import type {Failure} from '../../source/monitor/snapshot.ts';
import {openView} from '../../source/screens/index.ts';
import {now, snapshot} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';
import {mountShell, type Rig} from '../support/shell.tsx';

// 200 rows that stand in another order at every tick: what a person points at stays what it is.

const [sample] = snapshot.failures;
if (sample === undefined) throw new Error('The fixture has no failure.');
const id = (index: number) => `0199aaaa-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
const all: readonly Failure[] = Array.from({length: 200}, (_, index) => ({
	...sample,
	queue: 'mail',
	taskId: id(index),
	runId: id(index),
	taskName: `task-${index}`,
	taskState: 'failed',
	outcome: 'dead',
	failedAt: now - index * 1000,
}));

/** The same rows, each with another time to be sorted by, in another order. */
const turned = (turn: number, rows: readonly Failure[] = all): readonly Failure[] =>
	rows.map((row, index) => ({...row, failedAt: now - ((index * 37 + turn * 61) % 200) * 1000})).reverse();

let rig: Rig;
let previewed: Intent[];
let performed: Intent[];

beforeEach(async () => {
	previewed = [];
	performed = [];
	const hands: Hands = recordedHands({
		async preview(intent) {
			previewed.push(intent);
			return {task: undefined, consequences: ['It is retried.'], refusal: undefined};
		},
		async perform(intent) {
			performed.push(intent);
			return {kind: 'done', sentence: 'Done.', task: undefined};
		},
	});
	rig = await mountShell(
		{...snapshot, failures: all},
		{now, columns: 120, rows: 40, hands, openView, realPopups: true},
	);
	await rig.press('tab', 'tab', 'j', 'j', 'j');
});

const underCursor = () => /▸✗.*?(task-\d+)/.exec(rig.screen())?.[1];

it('the cursor stays on its task', async () => {
	expect(underCursor()).toBe('task-3');
	for (let turn = 1; turn <= 20; turn++) {
		await rig.give({failures: turned(turn)});
		expect(underCursor()).toBe('task-3');
	}
	await rig.press('R');
	expect(previewed).toMatchObject([{taskId: id(3)}]);
});

it('an open dialog stays on its task, also when that is gone from the list', async () => {
	await rig.press('R');
	for (let turn = 1; turn <= 10; turn++) {
		await rig.give({failures: turned(turn, turn > 5 ? all.filter(({taskId}) => taskId !== id(3)) : all)});
	}
	expect(rig.screen()).toContain(id(3));
	await rig.press('y');
	expect(performed).toMatchObject([{kind: 'retry', taskId: id(3)}]);
});

it('a task that disappears leaves the cursor on its neighbour, and says so', async () => {
	await rig.give({failures: all.filter(({taskId}) => taskId !== id(3))});
	expect(rig.screen()).toMatch(/has left the list/);
	expect(underCursor()).toBe('task-4');
});

it('marks stay on their tasks', async () => {
	await rig.press(' ');
	for (let turn = 1; turn <= 5; turn++) await rig.give({failures: turned(turn)});
	expect(rig.screen()).toContain('1 marked');
	expect(rig.screen()).toMatch(/✗◆.*task-3 /);
});
