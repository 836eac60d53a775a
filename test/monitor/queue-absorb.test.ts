import {expect, test} from 'vitest';
import {absorbQueue} from '../../source/monitor/queue-absorb.ts';
import {QueuePoll} from '../../source/monitor/queue-poll.ts';
import type {Ask} from '../../source/monitor/source.ts';

const always = {from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY};
const deepCount: Ask = {kind: 'deep-count', queue: 'big', state: 'pending', rows: 1_000_001, ...always};
const seed: Ask = {kind: 'seed', queue: 'big', rows: 2000};

test.each([
	['a count beyond the cap is no trouble of the queue', deepCount, undefined],
	['anything else holds the queue back', seed, '57014'],
] as const)('that is cancelled: %s', (_title, ask, sqlstate) => {
	const poll = new QueuePoll({name: 'big', storageMode: 'unpartitioned', tables: '1', readable: true, runRows: 1});
	const trouble = {sentence: 'canceling statement due to user request', sqlstate: '57014'};
	const context = {now: 0, monotonic: 0, interval: 2000, failures: 200, costScale: 1};
	absorbQueue(poll, [{ask, result: {kind: 'error', trouble}, duration: 1600}], context);
	expect(poll.backoff.trouble?.sqlstate).toBe(sqlstate);
	expect(poll.backoff.allows(1)).toBe(sqlstate === undefined);
});
