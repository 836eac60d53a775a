import {describe, expect, it} from 'vitest';
import type {TaskRow, TaskSearch} from '../../source/monitor/task-search.ts';
import {tasksScreen} from '../../source/screens/tasks/tasks.ts';
import {measure} from '../../source/terminal/fit.ts';
import {plainText} from '../support/draw.ts';
import {cursorLine, type Driver, drive} from '../support/drive.ts';
import {now} from '../support/fixture.ts';

function task(index: number, change: Partial<TaskRow> = {}): TaskRow {
	const digits = String(index).padStart(12, '0');
	return {
		queue: 'mail',
		taskId: `019a9b1c-0000-7000-8000-${digits}`,
		runId: `019a9b1d-0000-7000-8000-${digits}`,
		taskName: `task-${index}`,
		state: 'completed',
		attempts: 1,
		maxAttempts: 5,
		enqueuedAt: now - index * 60_000,
		firstStartedAt: now - index * 60_000,
		key: undefined,
		worker: 'w-7:311',
		leaseExpiresAt: undefined,
		availableAt: now - index * 60_000,
		startedAt: now - index * 60_000,
		finishedAt: now - index * 60_000 + 1900,
		wakeEvent: undefined,
		errorName: undefined,
		errorMessage: undefined,
		...change,
	};
}

function found(rows: readonly TaskRow[], change: Partial<TaskSearch> = {}): TaskSearch {
	const rest = {filter: '', order: 'enqueued', kind: 'tasks', progress: 'all', backTo: undefined, unread: []} as const;
	return {...rest, rows, looked: rows.length, ...change};
}

function give(screen: Driver, value: TaskSearch): void {
	screen.given({answers: {tasks: {kind: 'ready', value, readAt: now}}});
}

function open(rows: readonly TaskRow[], change: Partial<TaskSearch> = {}, width = 120): Driver {
	const screen = drive(tasksScreen, {screen: 'tasks', filter: change.filter ?? ''}, {width, height: 12});
	give(screen, found(rows, change));
	return screen;
}

const states: readonly TaskRow[] = [
	task(1, {state: 'pending', startedAt: undefined, finishedAt: undefined, availableAt: now - 30_000}),
	task(2, {state: 'running', finishedAt: undefined, leaseExpiresAt: now - 1000}),
	task(3, {state: 'sleeping', availableAt: Number.POSITIVE_INFINITY, wakeEvent: 'order.paid:42'}),
	task(4, {state: 'sleeping', attempts: 2, startedAt: undefined, availableAt: now + 90_000}),
	task(5),
	task(6, {state: 'failed', errorName: 'TimeoutError', errorMessage: 'no\nanswer \u001b[31m\u202e'}),
	task(7, {state: 'cancelled'}),
];

describe('the screen of tasks', () => {
	it('says what each task does, in words', () => {
		const text = open(states).text();
		for (const words of [
			'Tasks 7',
			'newest first · all that there are',
			'ready 30s',
			'lease ran out',
			'waits for order.paid:42',
			'retry in 1m',
			'took 1.9s',
			'TimeoutError: no',
			'cancelled',
		]) {
			expect(text).toContain(words);
		}
		expect(text).not.toMatch(/[\u001b\u202e]/);
	});

	it.each([60, 80, 120, 200])('fits %i cells', width => {
		const screen = open(states, {}, width);
		for (const row of screen.rows()) expect(measure(plainText([row]))).toBeLessThanOrEqual(width);
		expect(screen.text()).toContain('task-6');
	});

	it('the cursor stays on its task and in its place while newer ones come in, and on the newest at the top', () => {
		const rows = Array.from({length: 30}, (_, index) => task(index + 10));
		const screen = open(rows);
		expect(cursorLine(screen.text())).toContain('task-10');
		give(screen, found([task(9), ...rows]));
		expect(cursorLine(screen.text())).toContain('task-9');
		screen.run('list.down', 'list.down', 'list.down');
		const before = screen
			.text()
			.split('\n')
			.findIndex(line => line.startsWith('▸'));
		give(screen, found([task(7), task(8), task(9), ...rows]));
		expect(cursorLine(screen.text())).toContain('task-12');
		expect(
			screen
				.text()
				.split('\n')
				.findIndex(line => line.startsWith('▸')),
		).toBe(before);
		give(screen, found([task(9), ...rows.filter(({taskName}) => taskName !== 'task-12')]));
		expect(screen.text()).toContain('no longer passes');
	});

	it('asks for more near the end, and looks further when told', () => {
		const rows = Array.from({length: 200}, (_, index) => task(index));
		const screen = open(rows, {progress: 'enough'});
		expect(screen.probe()).toMatchObject({wanted: 200, limit: 10_000});
		screen.run('list.bottom');
		expect(screen.probe()).toMatchObject({wanted: 400});
		expect(screen.whyNot('tasks.further')).toContain('not come to its limit');
		give(screen, found(rows, {progress: 'stopped', looked: 10_000}));
		expect(screen.text()).toContain('looked at the newest 10,000 tasks · w looks further');
		screen.run('tasks.further');
		expect(screen.probe()).toMatchObject({limit: 20_000});
		screen.run('tasks.further', 'tasks.further', 'tasks.further', 'tasks.further');
		expect(screen.said.at(-1)).toContain('it has looked at 50,000');
		expect(screen.probe()).toMatchObject({limit: 50_000});
	});

	it('asks the database when Enter keeps a filter, not while it is typed; a wrong one is not kept', () => {
		const screen = open(states);
		screen.run('list.filter');
		screen.type(...'stat:failed');
		expect(screen.text()).toContain('There is no key stat. Did you mean state?');
		screen.type('enter');
		expect(screen.probe()).toMatchObject({filter: ''});
		screen.type('ctrl+u', ...'state:fai', 'tab', 'enter');
		expect(screen.probe()).toEqual({kind: 'tasks', filter: 'state:failed', wanted: 200, limit: 10_000});
		expect(screen.text()).toContain('Reading…');
		give(screen, found([], {filter: 'state:failed'}));
		expect(screen.text()).toContain('No task passes “state:failed”. Esc clears the filter.');
		screen.run('program.escape');
		expect(screen.probe()).toMatchObject({filter: ''});
		screen.run('list.filter');
		screen.type('up', 'enter');
		expect(screen.probe()).toMatchObject({filter: 'state:failed'});
		expect(screen.backs()).toBe(0);
	});

	it('an answer to another filter is not shown', () => {
		const screen = open(states);
		give(screen, found([task(99)], {filter: 'name:other'}));
		expect(screen.text()).not.toContain('task-99');
	});

	it('opens the run, copies, acts on the task under the cursor, and says why not', () => {
		const screen = open([task(6, {state: 'failed'})]);
		screen.run('list.open', 'list.copyId', 'list.copyRow');
		const {queue, taskId, runId} = task(6);
		expect(screen.opened).toEqual([{screen: 'run', run: {queue, taskId, runId}}]);
		expect(screen.copied[0]).toBe(taskId);
		expect(JSON.parse(screen.copied[1] ?? '')).toMatchObject({taskId, state: 'failed'});
		screen.run('action.cancel');
		expect(screen.said.at(-1)).toContain('Cannot cancel');
		expect(screen.acted).toEqual([]);
	});

	it('names queues that could not be searched, and what failed', () => {
		const trouble = {sentence: 'The role may not read it.', sqlstate: '42501'};
		expect(open(states, {unread: [{queue: 'agents', trouble}]}).text()).toContain('agents not searched: The role may');
		const screen = open(states);
		screen.given({answers: {tasks: {kind: 'failed', trouble, value: found(states)}}});
		expect(screen.text()).toContain('The role may not read it. (SQLSTATE 42501)');
		expect(screen.text()).toContain('task-5');
	});
});
