import {beforeEach, describe, expect, it} from 'vitest';
import type {BulkControl, BulkIntent, BulkReport, BulkResult, BulkTask} from '../../source/monitor/bulk.ts';
import type {Hands} from '../../source/monitor/hands.ts';
import type {Failure} from '../../source/monitor/snapshot.ts';
import type {TaskRow} from '../../source/monitor/task-search.ts';
import {openView} from '../../source/screens/index.ts';
import {now, snapshot} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';
import {mountShell, type Rig} from '../support/shell.tsx';

const [sample] = snapshot.failures;
if (sample === undefined) throw new Error('The fixture has no failure.');

const id = (index: number) => `0199aaaa-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;

/** Dead tasks, the first the newest. */
const failuresOf = (indexes: readonly number[]): readonly Failure[] =>
	indexes.map(index => ({
		...sample,
		queue: 'mail',
		taskId: id(index),
		runId: id(index),
		taskName: `task-${index}`,
		failedAt: now - index * 1000,
		taskState: 'failed',
		outcome: 'dead',
	}));

interface Started {
	readonly tasks: readonly BulkTask[];
	readonly control: BulkControl;
	readonly reason: string | undefined;
	finish(report: BulkReport): void;
}

let rig: Rig;
let counted: BulkIntent[];
let started: Started[];

function bulkHands(): Hands {
	counted = [];
	started = [];
	return recordedHands({
		async previewBulk(intent) {
			counted.push(intent);
			const act = intent.tasks.map((task): BulkTask => ({...task, name: 'send', state: 'failed', attempts: 1}));
			return {at: now, act, skipped: []};
		},
		performBulk: (_kind, tasks, control, reason) =>
			new Promise(finish => started.push({tasks, control, reason, finish})),
	});
}

async function start(count: number): Promise<void> {
	const failures = failuresOf(Array.from({length: count}, (_, index) => index));
	rig = await mountShell(
		{...snapshot, failures},
		{now, columns: 120, rows: 40, hands: bulkHands(), openView, realPopups: true},
	);
	await rig.press('tab', 'tab');
}

const ids = (intent: BulkIntent | undefined) => intent?.tasks.map(({taskId}) => taskId);

describe('marks', () => {
	beforeEach(() => start(30));

	it('are made one by one, by range, all, and none; U takes them back', async () => {
		await rig.press(' ', ' ');
		expect(rig.screen()).toContain('2 marked');
		await rig.press('v', 'j', 'j', 'v');
		expect(rig.screen()).toContain('5 marked');
		await rig.press('*');
		expect(rig.screen()).toContain('30 marked');
		await rig.press('U');
		expect(rig.screen()).not.toContain('marked');
	});

	it('hang on ids: a new order, rows that come and go, another screen change nothing', async () => {
		await rig.press(' ');
		await rig.give({failures: failuresOf([40, 41, 3, 2, 1, 0])});
		await rig.press('enter', 'escape', 'I', '>');
		await rig.press('R');
		expect(ids(counted[0])).toEqual([id(0)]);
		expect(counted[0]?.hidden).toBe(0);
	});

	it('stay on a task that left the list, and the dialog says that it is not shown', async () => {
		await rig.press(' ', ' ');
		await rig.give({failures: failuresOf([5, 6, 7, 1])});
		await rig.press('R');
		expect(ids(counted[0])).toEqual([id(0), id(1)]);
		expect(rig.screen()).toMatch(/1 of the 2 marked are not shown/);
	});
});

describe('the dialog', () => {
	it('needs y for a few, and Enter does nothing', async () => {
		await start(5);
		await rig.press('*', 'R', 'enter');
		expect(started).toHaveLength(0);
		expect(rig.screen()).toContain('5 will be retried');
		await rig.press('y');
		expect(started[0]?.tasks).toHaveLength(5);
	});

	it('needs the right number for many; y does nothing, and neither does the number with Enter in one chunk', async () => {
		await start(12);
		await rig.press('*', 'R', 'y', 'enter', '1', 'enter');
		expect(started).toHaveLength(0);
		expect(rig.screen()).toContain('Type 12');
		await rig.press('backspace', '12\r');
		expect(started).toHaveLength(0);
		await rig.press('enter');
		expect(started).toHaveLength(1);
	});

	it('takes a reason along, digits and all, which are not the number', async () => {
		await start(12);
		await rig.press('*', 'R', 'r', ...'order 12', 'enter', 'enter');
		expect(started).toHaveLength(0);
		expect(rig.screen()).toContain('reason     order 12');
		await rig.press('1', '2', 'enter');
		expect(started[0]?.reason).toBe('order 12');
	});

	it('takes no more than the cap', async () => {
		const failures = failuresOf(Array.from({length: 1001}, (_, index) => index));
		rig = await mountShell(
			{...snapshot, failures},
			{now, columns: 120, rows: 40, hands: bulkHands(), openView, realPopups: true},
		);
		await rig.press('tab', 'tab', '*', 'R');
		expect(counted).toHaveLength(0);
		expect(rig.screen()).toMatch(/1001 tasks are marked; at most 1000/);
		await rig.press('1', 'enter', 'y');
		expect(started).toHaveLength(0);
	});

	it('shows how far it is, stops on Esc, unmarks what was done, keeps what failed with its reason', async () => {
		await start(3);
		await rig.press('*', 'R', 'y');
		const job = started[0];
		if (job === undefined) throw new Error('Nothing was started.');
		expect(job.control.rate()).toBe(200);
		const [first, second, third] = job.tasks;
		if (!first || !second || !third) throw new Error('Three tasks were marked.');
		const done: BulkResult = {task: first, fate: {kind: 'done'}};
		job.control.progress([done]);
		await rig.pass(10);
		expect(rig.screen()).toContain('1 of 3');
		expect(job.control.stopped()).toBe(false);
		await rig.press('q', 'n', 'escape');
		expect(job.control.stopped()).toBe(true);
		expect(rig.screen()).toContain('Stopping');
		job.finish({
			results: [
				done,
				{task: second, fate: {kind: 'failed', reason: 'locked (55P03)', sqlstate: '55P03'}},
				{task: third, fate: {kind: 'unsent'}},
			],
			trouble: undefined,
		});
		await rig.pass(10);
		expect(rig.screen()).toContain('1 done · 1 failed · 1 not done');
		expect(rig.screen()).toContain('locked (55P03)');
		await rig.press('escape');
		expect(rig.screen()).toContain('2 marked');
	});
});

describe('everything that matches', () => {
	const row = (index: number): TaskRow => ({
		queue: 'mail',
		taskId: id(index),
		runId: id(index),
		taskName: 'send',
		state: 'failed',
		attempts: 1,
		maxAttempts: 1,
		enqueuedAt: now - index * 1000,
		firstStartedAt: now,
		key: undefined,
		worker: 'w',
		leaseExpiresAt: undefined,
		availableAt: now,
		startedAt: now,
		finishedAt: now,
		wakeEvent: undefined,
		errorName: 'Boom',
		errorMessage: 'no',
	});

	async function search(filter: string, count: number): Promise<void> {
		await start(3);
		await rig.press('2');
		await rig.press('/', ...filter, 'enter');
		const rows = Array.from({length: count}, (_, index) => row(index));
		const found = {rows, order: 'claimed', looked: count, kind: 'runs', progress: 'enough'} as const;
		rig.monitor.answer({tasks: {kind: 'ready', value: {...found, filter, backTo: undefined, unread: []}, readAt: now}});
		await rig.pass(10);
	}

	it('is marked with M, asked of the database when R opens the dialog, and the cap goes along', async () => {
		await search('name:send', 5);
		await rig.press('M');
		expect(rig.screen()).toContain('All that matches is marked');
		await rig.press('R');
		expect(counted).toHaveLength(1);
		expect(counted[0]).toMatchObject({kind: 'retry', tasks: [], search: {filter: 'name:send', most: 1000}});
		const asked = counted[0]?.search?.until ?? 0;
		expect(asked).toBeGreaterThanOrEqual(now);
		expect(asked).toBeLessThan(now + 10_000);
		expect(counted[0]?.search?.queues).toEqual(snapshot.queues.map(({name}) => name));
	});

	it('never means what another filter matches, and needs a filter', async () => {
		await search('name:send', 5);
		await rig.press('M', 'escape');
		expect(rig.screen()).not.toContain('All that matches is marked');
		await rig.press('M');
		expect(rig.screen()).toContain('filter first');
		await rig.press('R');
		expect(counted).toHaveLength(0);
	});

	it('gives way to single marks only after U', async () => {
		await search('name:send', 5);
		await rig.press('M', ' ');
		expect(rig.screen()).toContain('U unmarks it');
		await rig.press('U', ' ', 'R');
		expect(ids(counted[0])).toEqual([id(0)]);
	});
});
