import {describe, expect, test} from 'vitest';
import {matches} from '../../source/monitor/filter/match.ts';
import {parseFilter} from '../../source/monitor/filter/parse.ts';
import type {EventRow, QueueRows, WakeUp, WorkerRuns} from '../../source/monitor/queue-lists.ts';
import {eventsScreen} from '../../source/screens/events/events.ts';
import {runDetailScreen} from '../../source/screens/run/run.ts';
import {scheduleScreen} from '../../source/screens/schedule/schedule.ts';
import {tasksScreen} from '../../source/screens/tasks/tasks.ts';
import {workersScreen} from '../../source/screens/workers/workers.ts';
import {measure} from '../../source/terminal/fit.ts';
import {allAnswers} from '../support/answers.ts';
import {drive} from '../support/drive.ts';
import {now, snapshot, uuid} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';

const hostile = 'evil\u001b[2J\u202e🐘\n';

function read<Row>(rows: readonly Row[]): QueueRows<Row> {
	return {rows, read: 2, queues: 2, oldestAt: now - 1000, unread: []};
}

const worker = (name: string, rest: Partial<WorkerRuns> = {}): WorkerRuns => ({
	queue: 'agents',
	worker: name,
	held: 3,
	expired: 0,
	unleased: 0,
	completed: 30,
	failed: 10,
	timeouts: 1,
	lastClaimAt: now - 4000,
	capped: false,
	...rest,
});

const run = {queue: 'mail', taskId: uuid(1), runId: uuid(2)};
const awaited = {
	waiters: 1000,
	capped: true,
	oldestAt: now - 3_600_000,
	nextTimeoutAt: undefined,
	withoutTimeout: 1000,
	run,
};
const events: readonly EventRow[] = [
	{queue: 'mail', name: `paid:${hostile}`, awaited, emitted: undefined},
	{queue: 'mail', name: 'shipped', awaited: undefined, emitted: {at: now - 60_000, payloadBytes: 1200}},
];
const wake = (number: number, rest: Partial<WakeUp> = {}): WakeUp => ({
	...run,
	runId: uuid(number),
	taskName: hostile,
	attempt: 2,
	maxAttempts: null,
	dueAt: now + number * 1000,
	kind: 'retry',
	event: undefined,
	...rest,
});

const hands = recordedHands();

function open(width: number, height: number) {
	const workers = read([
		worker('host-a:1', {expired: 2}),
		worker('host-a:2', {queue: 'mail'}),
		worker(hostile, {capped: true, unleased: 1}),
	]);
	const answers = {
		workers: {kind: 'ready', value: {workers, pollers: [], hidden: 3}, readAt: now},
		events: {kind: 'ready', value: read(events), readAt: now},
		schedule: {
			kind: 'ready',
			value: read([wake(9), wake(5, {kind: 'timeout', event: hostile}), wake(-5)]),
			readAt: now,
		},
	} as const;
	const options = {answers, width, height, hands};
	return {
		workers: drive(workersScreen, {screen: 'workers', queue: undefined}, options),
		events: drive(eventsScreen, {screen: 'events', queue: undefined}, options),
		schedule: drive(scheduleScreen, {screen: 'schedule', queue: 'mail'}, options),
	};
}

test.each([
	[60, 11],
	[80, 20],
	[120, 36],
	[200, 46],
])('every line fits %ix%i and is harmless', (width, height) => {
	for (const screen of Object.values(open(width, height))) {
		const rows = screen.rows();
		expect(rows).toHaveLength(height);
		for (const row of rows) expect(measure(row)).toBeLessThanOrEqual(width);
		expect(rows.join('')).not.toMatch(/\u001b\[2J|\u202e|\n/);
	}
});

describe('workers', () => {
	test('expired leases first, lower bounds marked, hidden sessions named; Tab adds up by host', () => {
		const {workers} = open(120, 20);
		const lines = workers.text().split('\n');
		expect(lines[2]).toMatch(/^▸▲ host-a:1 +agents +3 2 out +30 +0\.1 +25\.0% +1 +<5s$/);
		expect(workers.text()).toContain('≥30');
		expect(workers.text()).toContain('3 sessions hide their statement');
		workers.run('list.open', 'panel.next');
		expect(workers.text()).toMatch(/host-a ×2 +agents mail +6 2 out +60 /);
		workers.run('list.open');
		expect(workers.opened).toEqual([
			{screen: 'tasks', filter: 'state:running worker=host-a:1'},
			{screen: 'tasks', filter: 'state:running worker:host-a'},
		]);
	});

	test('Enter finds a worker whose name no filter can hold', () => {
		const {workers} = open(120, 20);
		workers.run('list.down', 'list.open');
		const [request] = workers.opened;
		const filter = parseFilter(request?.screen === 'tasks' ? request.filter : '');
		const passes = (name: string) => matches(filter, {texts: [], values: {state: 'running', worker: name}});
		expect(filter.error).toBeUndefined();
		expect([passes(hostile), passes('host-a:1')]).toEqual([true, false]);
	});
});

describe('events', () => {
	test('E emits the one under the cursor, Enter shows who waits longest', () => {
		const {events: screen} = open(120, 20);
		expect(screen.text()).toMatch(/awaited paid:.* ≥1000 +≥1h00m +never/);
		expect(screen.text()).toMatch(/emitted shipped .* 1m +1\.2 kB/);
		screen.run('action.emit', 'list.open', 'list.copyId');
		expect(screen.acted).toEqual([{kind: 'emit-form', queue: 'mail', eventName: `paid:${hostile}`}]);
		expect(screen.opened).toEqual([{screen: 'run', run}]);
		expect(screen.copied).toEqual([`paid:${hostile}`]);
		screen.run('list.down');
		expect(screen.whyNot('list.open')).toBe('there is nothing to open');
	});
});

describe('schedule', () => {
	test('the soonest first, with the reason; cancel acts on the row', () => {
		const {schedule} = open(120, 20);
		const lines = schedule.text().split('\n');
		expect(lines[0]).toContain('Schedule 3  queue mail');
		expect(lines.slice(2, 5).map(line => /(due|\ds) /.exec(line)?.[1])).toEqual(['due', '5s', '9s']);
		schedule.run('action.cancel', 'list.open');
		expect(schedule.acted).toMatchObject([{kind: 'dialog', intent: {kind: 'cancel', queue: 'mail', taskId: uuid(1)}}]);
		expect(schedule.whyNot('action.retry')).toContain('asleep');
	});
});

describe('what the columns have no room for', () => {
	function told(width: number, down: number) {
		const screen = drive(eventsScreen, {screen: 'events', queue: undefined}, {answers: allAnswers, width, height: 20});
		screen.run(...Array.from({length: down}, () => 'list.down'));
		const lines = screen.text().split('\n');
		return {
			line: lines.find(row => row.startsWith(' event: ')),
			definitions: lines.findIndex(row => row.startsWith(' awaited: up to')),
		};
	}

	test('is told whole under the table, for the row under the cursor, without moving anything', () => {
		expect(told(80, 0).line).toBe(' event: payment.settled:2026-11');
		expect(told(80, 1).line).toBeUndefined();
		expect(told(80, 2).line).toBe(' event: human.approved:order-4711');
		expect(told(200, 0).line).toBeUndefined();
		expect(told(80, 0).definitions).toBe(told(80, 1).definitions);
	});
});

test.each(['connecting', 'lost'] as const)('before the first reading it says what it waits for: %s', kind => {
	const trouble = {sentence: 'gone', sqlstate: undefined};
	const connection = kind === 'lost' ? {kind, since: now, retryAt: now + 1000, trouble} : ({kind: 'live'} as const);
	const given = {snapshot: {...snapshot, connection}, answers: {}, width: 80, height: 20};
	const run = {screen: 'run', run: {queue: 'mail', taskId: uuid(1), runId: uuid(2)}} as const;
	const texts = [
		drive(eventsScreen, {screen: 'events', queue: undefined}, given).text(),
		drive(tasksScreen, {screen: 'tasks', filter: ''}, given).text(),
		drive(runDetailScreen, run, given).text(),
	];
	for (const text of texts) {
		expect(text.includes('connection is lost')).toBe(kind === 'lost');
		expect(text.includes('Reading')).toBe(kind !== 'lost');
	}
});
