import {expect, test} from 'vitest';
import type {CheckpointSnapshot, Document, RunSnapshot} from '../../source/monitor/run-detail.ts';
import {type WhyInput, why} from '../../source/monitor/why.ts';

// One case for each row of the table of states in Absurd's data model, and for what follows from policies.

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const second = 1000;
const minute = 60 * second;

function json(text: string): Document {
	return {bytes: text.length, text, complete: true};
}

function run(change: Partial<RunSnapshot>): RunSnapshot {
	return {
		runId: 'r1',
		attempt: 1,
		state: 'pending',
		worker: undefined,
		createdAt: now - 10 * minute,
		startedAt: undefined,
		availableAt: now,
		completedAt: undefined,
		failedAt: undefined,
		leaseExpiresAt: undefined,
		wakeEvent: undefined,
		eventPayload: undefined,
		failure: undefined,
		result: undefined,
		...change,
	};
}

function checkpoint(change: Partial<CheckpointSnapshot>): CheckpointSnapshot {
	return {
		name: 'plan',
		status: 'committed',
		ownerRunId: 'r1',
		updatedAt: now - minute,
		duration: undefined,
		state: undefined,
		...change,
	};
}

function detail(change: Partial<WhyInput>, ...runs: readonly RunSnapshot[]): WhyInput {
	const last = runs.at(-1);
	return {
		queue: 'agents',
		taskId: 't1',
		runId: 'r1',
		taskName: 'research',
		state: last?.state ?? 'pending',
		attempts: runs.length,
		maxAttempts: 5,
		enqueuedAt: now - 10 * minute,
		firstStartedAt: last?.startedAt,
		cancelledAt: undefined,
		idempotencyKey: undefined,
		tenant: undefined,
		params: json('{}'),
		headers: undefined,
		retryStrategy: undefined,
		cancellation: undefined,
		result: undefined,
		runs,
		runCount: runs.length,
		checkpoints: [],
		checkpointCount: 0,
		waits: [],
		fetched: new Map(),
		relations: undefined,
		likely: undefined,
		...change,
	};
}

const failed = (change: Partial<RunSnapshot> = {}) =>
	run({runId: 'r0', state: 'failed', startedAt: now - 9 * minute, failedAt: now - minute, ...change});
const started = now - 5 * minute;
const boom = {name: 'Boom', message: 'no', trace: undefined, document: json('{}')};

const cases: ReadonlyArray<readonly [situation: string, input: WhyInput, sentence: string]> = [
	[
		'pending, never started, first',
		detail({}, run({availableAt: now - 4 * minute})),
		'New: no worker has claimed it for 4m00s.',
	],
	['just spawned', detail({}, run({availableAt: now - 200})), 'New: waits for a worker to claim it.'],
	[
		'pending, never started, a later attempt',
		detail({}, failed(), run({attempt: 2, createdAt: now - minute, availableAt: now - 3 * second})),
		'Attempt 2 of 5 follows a failure without back-off: no worker has claimed it for 3s.',
	],
	[
		'pending, asked for by hand',
		detail({}, failed(), run({attempt: 2, createdAt: now - 5 * second, availableAt: now - 5 * second})),
		'Attempt 2 of 5 was asked for by hand: no worker has claimed it for 5s.',
	],
	[
		'pending, started before: woken by an event',
		detail({}, run({startedAt: started, availableAt: now - 2 * second})),
		'Woken by an event: no worker has claimed it for 2s.',
	],
	[
		'sleeping, never started: back-off',
		detail({}, failed(), run({attempt: 2, state: 'sleeping', availableAt: now + 25 * second})),
		'Attempt 2 of 5 waits out its back-off: it is due in 25s.',
	],
	[
		'back-off is over',
		detail({}, failed(), run({attempt: 2, state: 'sleeping', availableAt: now - 7 * second})),
		'Attempt 2 of 5 is due after its back-off: no worker has claimed it for 7s.',
	],
	[
		'sleeping in a timer',
		detail(
			{
				checkpoints: [
					checkpoint({name: 'nap', state: json(`"${new Date(now + 2 * minute).toISOString()}"`), updatedAt: started}),
				],
			},
			run({state: 'sleeping', startedAt: started, availableAt: now + 2 * minute}),
		),
		'Sleeps in nap, wakes in 2m00s.',
	],
	[
		'a timer that is over',
		detail({}, run({state: 'sleeping', startedAt: started, availableAt: now - 2 * minute})),
		'Its sleep is over: no worker has claimed it for 2m00s.',
	],
	[
		'deferred by a worker that does not know the task',
		detail({}, run({state: 'sleeping', startedAt: now - 5 * second, availableAt: now + 13 * second})),
		'Probably deferred by a worker that does not know research: offered again in 13s, for ever unless a worker that knows it runs.',
	],
	[
		'a long sleep without a known timer',
		detail({}, run({state: 'sleeping', startedAt: started, availableAt: now + 20 * minute})),
		'Sleeps, wakes in 20m00s.',
	],
	[
		'waiting for an event without a timeout',
		detail({}, run({state: 'sleeping', startedAt: started, wakeEvent: 'paid', availableAt: Number.POSITIVE_INFINITY})),
		'Waits for event paid, without a timeout: only that event wakes it.',
	],
	[
		'waiting for an event with a timeout',
		detail({}, run({state: 'sleeping', startedAt: started, wakeEvent: 'paid', availableAt: now + 3 * minute})),
		'Waits for event paid; the wait times out in 3m00s.',
	],
	[
		'the wait has timed out',
		detail({}, run({state: 'sleeping', startedAt: started, wakeEvent: 'paid', availableAt: now - 3 * second})),
		'Its wait for event paid has timed out: no worker has claimed it for 3s.',
	],
	[
		'running with a lease, retried at once',
		detail({}, run({state: 'running', worker: 'w:1', startedAt: started, leaseExpiresAt: now + 74 * second})),
		'w:1 holds it for another 1m14s. If the lease runs out, it is retried at once (attempt 2 of 5).',
	],
	[
		'running, retried after a back-off',
		detail(
			{retryStrategy: json('{"kind": "exponential", "base_seconds": 10, "factor": 3}'), maxAttempts: null},
			failed(),
			run({attempt: 2, state: 'running', worker: 'w:1', startedAt: started, leaseExpiresAt: now + 9 * second}),
		),
		'w:1 holds it for another 9s. If the lease runs out, it is retried after 30s (attempt 3).',
	],
	[
		'running in its last attempt',
		detail(
			{maxAttempts: 1},
			run({state: 'running', worker: 'w:1', startedAt: started, leaseExpiresAt: now + 9 * second}),
		),
		'w:1 holds it for another 9s. If the lease runs out, the task is dead (attempt 1 of 1).',
	],
	[
		'running without a lease',
		detail({}, run({state: 'running', worker: 'w:1', startedAt: started})),
		'w:1 holds it without a lease: if that worker dies nobody takes the task over.',
	],
	[
		'running, resumed after its wait timed out',
		detail(
			{},
			run({state: 'running', worker: 'w:1', startedAt: started, wakeEvent: 'paid', leaseExpiresAt: now + 9 * second}),
		),
		'w:1 holds it for another 9s. It was resumed because its wait for paid had timed out. If the lease runs out, it is retried at once (attempt 2 of 5).',
	],
	[
		'a lease that ran out',
		detail({}, run({state: 'running', worker: 'w:1', startedAt: started, leaseExpiresAt: now - 40 * second})),
		'Its lease ran out 40s ago and w:1 may still be at work: it is failed with $ClaimTimeout when a worker of queue agents next claims, then it is retried at once (attempt 2 of 5).',
	],
	[
		'completed',
		detail({}, run({state: 'completed', startedAt: started, completedAt: now - 3 * minute})),
		'Completed 3m00s ago in attempt 1.',
	],
	[
		'dead',
		detail({maxAttempts: 1, checkpointCount: 2}, failed({failure: boom})),
		'Dead: attempt 1 of 1 failed 1m00s ago with Boom. Only a retry by hand revives it and would continue from 2 saved checkpoints.',
	],
	[
		'cancelled',
		detail({state: 'cancelled', cancelledAt: now - minute}, run({state: 'cancelled'})),
		'Cancelled 1m00s ago. Cancelled tasks cannot be retried.',
	],
	[
		'cancelled because a retry would have been too late',
		detail({state: 'cancelled', cancelledAt: now - minute}, failed({attempt: 2})),
		'Cancelled 1m00s ago: a retry of attempt 2 of 5 would have started after max_duration.',
	],
	[
		'max_delay before the first start',
		detail({cancellation: json('{"max_delay": 900}')}, run({availableAt: now - 10 * minute})),
		'New: no worker has claimed it for 10m00s. Its max_delay cancels it in 5m00s.',
	],
	[
		'max_duration that ran out',
		detail(
			{cancellation: json('{"max_duration": 60}'), firstStartedAt: started},
			run({state: 'sleeping', startedAt: started, wakeEvent: 'paid', availableAt: Number.POSITIVE_INFINITY}),
		),
		'Waits for event paid, without a timeout: only that event wakes it. Its max_duration ran out 4m00s ago: the next claim in queue agents cancels it.',
	],
	['runs that are gone', detail({state: 'completed'}), 'Its runs are no longer there; nothing more can be told.'],
];

test.each(cases)('%s', (_situation, input, sentence) => {
	expect(why(input, now)).toBe(sentence);
});
