import type {ActionEntry} from '../../source/monitor/action-log.ts';
import type {ProbeCost} from '../../source/monitor/snapshot.ts';
import {now, uuid} from './fixture.ts';

const minute = 60_000;

function entry(id: string, change: Partial<ActionEntry>): ActionEntry {
	return {
		id,
		at: now - minute,
		kind: 'retry',
		subject: 'task',
		place: 'jobs on db1:5432',
		tasks: [],
		open: change.tasks ?? [],
		queues: ['mail'],
		outcome: 'done',
		sentence: '',
		earlier: false,
		...change,
	};
}

const retried = {queue: 'mail', taskId: uuid(1)};
const raced = {queue: 'agents', taskId: uuid(4)};

/** Actions in each of their outcomes, newest first. */
export const logEntries: readonly ActionEntry[] = [
	entry('1', {at: now - 20_000, subject: '343 tasks', outcome: 'running', reason: 'The mail server is back.'}),
	entry('2', {
		at: now - 4 * minute,
		kind: 'emit',
		subject: 'order.paid:42 in queue billing',
		queues: ['billing'],
		sentence: 'order.paid:42 is emitted: 14 tasks wake.',
	}),
	entry('3', {
		at: now - 6 * minute,
		kind: 'cancel',
		subject: `task ${raced.taskId} in queue agents`,
		tasks: [raced],
		queues: ['agents'],
		outcome: 'failed',
		sentence: 'It has completed meanwhile: there is nothing to cancel.',
	}),
	entry('4', {
		at: now - 9 * minute,
		subject: `task ${retried.taskId} in queue mail`,
		tasks: [retried],
		sentence: 'Attempt 6 is pending: a worker takes it at its next poll.',
	}),
	entry('5', {
		at: now - 26 * 60 * minute,
		kind: 'cancel',
		subject: '2 tasks',
		tasks: [retried, raced],
		queues: ['mail', 'agents'],
		outcome: 'unknown',
		sentence: 'It has no recorded outcome: it may or may not have happened. Look it up before you do it again.',
		earlier: true,
	}),
];

function cost(probe: string, duration: number, change: Partial<ProbeCost> = {}): ProbeCost {
	return {probe, kind: 'tick', statements: 6, rows: 31, duration, at: now - 300, trouble: undefined, ...change};
}

/** What is asked on a usual screen: every kind, and one that is held back. */
export const usualCosts: readonly ProbeCost[] = [
	cost('tick-counters', 0.6, {statements: 1, rows: 6}),
	cost('queue-live', 1.4, {rows: 6}),
	cost('queue-claims', 1.1, {rows: 22}),
	cost('queue-finished', 2.2, {rows: 164}),
	cost('queue-outcomes', 0.7, {statements: 2, rows: 69, at: now - 8000}),
	cost('doctor-storage', 12.5, {kind: 'screen', statements: 1, rows: 36, at: now - 24_000}),
	cost('doctor-cron', 0.4, {
		kind: 'screen',
		statements: 1,
		rows: 0,
		at: now - 3 * minute,
		trouble: 'permission denied for schema cron (42501); asked again in 30s',
	}),
	cost('run-task', 1.9, {kind: 'asked', statements: 1, rows: 1, at: now - 2 * minute}),
];
