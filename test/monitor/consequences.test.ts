import {describe, expect, test} from 'vitest';
import {
	cancelConsequences,
	cancelRefusal,
	emitConsequences,
	retryConsequences,
	retryRefusal,
	spawnConsequences,
	type TaskFacts,
} from '../../source/monitor/consequences.ts';
import type {State} from '../../source/monitor/snapshot.ts';

const now = Date.UTC(2026, 2, 1, 14);
const minute = 60_000;

const failed: TaskFacts = {
	now,
	taskId: '018f0000-0000-7000-8000-0000000f24ab',
	name: 'run-agent',
	state: 'failed',
	attempts: 3,
	maxAttempts: 3,
	enqueuedAt: now - 60 * minute,
	firstStartedAt: now - 50 * minute,
	maxDuration: undefined,
	checkpoints: 0,
	runId: '018f0000-0000-7000-8000-000000000001',
	worker: 'w-7:311',
	leaseExpiresAt: undefined,
	availableAt: now - 50 * minute,
	startedAt: now - 50 * minute,
	wakeEvent: undefined,
	errorName: 'TimeoutError',
};
const once = {spawnNew: false, extraAttempts: undefined};

describe('which states an action applies to', () => {
	const table: ReadonlyArray<readonly [State, retry: boolean, cancel: boolean]> = [
		['pending', false, true],
		['running', false, true],
		['sleeping', false, true],
		['completed', false, false],
		['failed', true, false],
		['cancelled', false, false],
	];
	test.each(table)('%s: retry %s, cancel %s', (state, retry, cancel) => {
		expect(
			[retryRefusal({...failed, state}), cancelRefusal({...failed, state})].map(each => each === undefined),
		).toEqual([retry, cancel]);
	});
});

describe('retry', () => {
	const table: ReadonlyArray<readonly [string, Partial<TaskFacts>, object, RegExp]> = [
		['the last attempt', {}, {}, /^Attempt 4 follows at once; it is the last one\./],
		['spare attempts are raised all the same', {maxAttempts: 5}, {}, /Attempt 4 follows at once, up to attempt 6/],
		['two more', {}, {extraAttempts: 2}, /up to attempt 5/],
		['unlimited becomes limited', {maxAttempts: null}, {}, /unlimited attempts; from now on it has 4/],
		['from the beginning', {}, {}, /starts from the beginning/],
		['resumed', {checkpoints: 4}, {}, /4 checkpoints are kept: it resumes after them/],
		['one checkpoint', {checkpoints: 1}, {}, /1 checkpoint is kept: it resumes after it/],
		['very many', {checkpoints: 1001}, {}, /≥1000 checkpoints/],
		['a worker that lost its lease', {errorName: '$ClaimTimeout'}, {}, /w-7:311 lost the lease .* it may run twice/],
		['policy run out', {maxDuration: 20 * minute}, {}, /ran out 30m00s ago .* the next claim in this queue cancels it/],
		['policy left', {maxDuration: 70 * minute}, {}, /20m00s are left/],
		[
			'anew',
			{checkpoints: 4},
			{spawnNew: true},
			/new task .* stays failed\. Checkpoints and idempotency key are not copied/,
		],
	];
	test.each(table)('%s', (_name, facts, wish, sentence) => {
		expect(retryConsequences({...failed, ...facts}, {...once, ...wish}).join(' ')).toMatch(sentence);
	});

	test('says nothing of a double run after an ordinary failure', () => {
		expect(retryConsequences(failed, once).join(' ')).not.toMatch(/twice|max_duration/);
	});
});

describe('cancel', () => {
	const running: TaskFacts = {...failed, state: 'running', leaseExpiresAt: now + minute};
	const sleeping: TaskFacts = {...failed, state: 'sleeping', availableAt: now + 5 * minute};
	const table: ReadonlyArray<readonly [string, TaskFacts, RegExp]> = [
		['running', running, /w-7:311 is running it and will notice at its next checkpoint or heartbeat; side effects/],
		['lease run out', {...running, leaseExpiresAt: now - 40_000}, /ran out 40s ago; w-7:311 may still be at work/],
		['no lease', {...running, leaseExpiresAt: undefined}, /w-7:311 is running it/],
		['pending', {...failed, state: 'pending'}, /none will pick it up/],
		['timer', sleeping, /sleeps for another 5m00s; it will not wake up/],
		['back-off', {...sleeping, startedAt: undefined}, /waits to be retried in 5m00s; that attempt will not happen/],
		['due', {...sleeping, availableAt: now - 1}, /is due and waits for a worker/],
		['event', {...sleeping, wakeEvent: 'paid'}, /waits for event paid for another 5m00s; the event will not wake it/],
		['event for ever', {...sleeping, wakeEvent: 'paid', availableAt: Number.POSITIVE_INFINITY}, /without a timeout/],
		['event timed out', {...sleeping, wakeEvent: 'paid', availableAt: now - 1}, /has timed out/],
	];
	test.each(table)('%s', (_name, facts, sentence) => {
		const said = cancelConsequences(facts).join(' ');
		expect(said).toMatch(sentence);
		expect(said).toMatch(/final/);
	});
});

describe('emit', () => {
	const facts = {now, emittedAt: undefined, waiting: 14, firstWins: true};
	const waiters = [
		{name: 'approve', taskId: '018f0000-0000-7000-8000-0000000f24ab'},
		{name: 'pay', taskId: '018f0000-0000-7000-8000-0000000f24ac'},
	];
	test.each([
		[facts, /^14 tasks wake\. The first payload stays for ever/],
		[{...facts, waiting: 1}, /^1 task wakes\./],
		[{...facts, waiting: 2, waiters}, /^2 tasks wake: approve …0f24ab, pay …0f24ac\./],
		[{...facts, waiters}, /^14 tasks wake: approve …0f24ab, pay …0f24ac and 12 more\./],
		[{...facts, waiting: 1001, waiters}, /^≥1000 tasks wake: .* and many more\./],
		[{...facts, waiting: 0}, /Nobody waits for it now/],
		[{...facts, waiting: 1001}, /≥1000 tasks wake/],
		[{...facts, emittedAt: now - 5 * minute}, /^Already emitted 5m00s ago: this changes nothing/],
		[
			{...facts, emittedAt: now - 5 * minute, firstWins: false},
			/14 tasks wake\. Already emitted 5m00s ago: this overwrites/,
		],
	])('%o', (given, sentence) => {
		expect(emitConsequences(given).join(' ')).toMatch(sentence);
	});
});

describe('spawn', () => {
	const facts = {maxAttempts: 5, retryKind: undefined, nameSeen: true, existing: undefined};
	const existing = {taskId: failed.taskId, state: 'completed'} as const;
	test.each([
		[facts, /^A new task is due at once\. It may make 5 attempts\.$/],
		[{...facts, maxAttempts: null}, /unlimited attempts.*retried at once, for ever/],
		[{...facts, maxAttempts: null, retryKind: 'none'}, /without back-off/],
		[
			{...facts, maxAttempts: null, retryKind: 'fixed'},
			/^A new task is due at once\. It may make unlimited attempts\.$/,
		],
		[{...facts, nameSeen: false}, /No worker has run a task of this name here lately/],
		[{...facts, existing}, /\(completed\) has this idempotency key: nothing new is made/],
	])('%o', (given, sentence) => {
		expect(spawnConsequences(given).join(' ')).toMatch(sentence);
	});
});
