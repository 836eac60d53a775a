import type {ProbeAnswers} from '../../source/monitor/probe.ts';
import type {Document, RunDetail, RunSnapshot} from '../../source/monitor/run-detail.ts';
import {liveTask, now, uuid} from './fixture.ts';

const second = 1000;

function json(text: string): Document {
	return {bytes: text.length, text, complete: true};
}

const failure = json(
	'{"name":"TimeoutError","message":"LLM call timed out","stack":"TimeoutError: LLM call timed out\\n    at call (/srv/agent/llm.js:41:11)\\n    at rank (/srv/agent/rank.js:9:3)"}',
);

const first: RunSnapshot = {
	runId: uuid(4711),
	attempt: 1,
	state: 'failed',
	worker: 'w-3:12',
	createdAt: now - 150 * second,
	startedAt: now - 148.6 * second,
	availableAt: now - 148.6 * second,
	completedAt: undefined,
	failedAt: now - 106 * second,
	leaseExpiresAt: now - 40 * second,
	wakeEvent: undefined,
	eventPayload: undefined,
	failure: {
		name: 'TimeoutError',
		message: 'LLM call timed out',
		trace:
			'TimeoutError: LLM call timed out\n    at call (/srv/agent/llm.js:41:11)\n    at rank (/srv/agent/rank.js:9:3)',
		document: failure,
	},
	result: undefined,
};

const second2: RunSnapshot = {
	...first,
	runId: liveTask.runId,
	attempt: 2,
	state: 'running',
	worker: 'w-7:311',
	createdAt: now - 106 * second,
	startedAt: now - 76 * second,
	availableAt: now - 76 * second,
	failedAt: undefined,
	leaseExpiresAt: now + 74 * second,
	failure: undefined,
};

const prompt = `Compare the three offers and ${'say which one is the best for a family of four, and why. '.repeat(20)}`;

/** The task of the drawing: an agent in its second attempt. */
export const runDetail: RunDetail = {
	...liveTask,
	taskName: 'run-agent',
	state: 'running',
	attempts: 2,
	maxAttempts: 5,
	enqueuedAt: now - 150 * second,
	firstStartedAt: now - 148.6 * second,
	cancelledAt: undefined,
	idempotencyKey: 'order-4711',
	tenant: 'acme',
	params: json(
		`{"prompt": ${JSON.stringify(prompt)}, "model": "large-2", "user": {"id": 90071992547409931, "plan": {"name": "team", "seats": 12}}}`,
	),
	headers: json('{"tenant": "acme", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}'),
	retryStrategy: json('{"kind": "exponential", "base_seconds": 30, "factor": 2, "max_seconds": 3600}'),
	cancellation: json('{"max_duration": 3600}'),
	result: undefined,
	runs: [first, second2],
	runCount: 2,
	checkpoints: [
		{
			name: 'plan',
			status: 'committed',
			ownerRunId: first.runId,
			updatedAt: now - 140.4 * second,
			duration: 8.2 * second,
			state: json('{"steps": ["search", "rank", "answer"]}'),
		},
		{
			name: 'search',
			status: 'committed',
			ownerRunId: first.runId,
			updatedAt: now - 118.7 * second,
			duration: 21.7 * second,
			state: json('{"hits": [{"id": 1, "score": 0.910000000000000000001}, {"id": 2, "score": 0.5}]}'),
		},
		{
			name: 'search#2',
			status: 'committed',
			ownerRunId: first.runId,
			updatedAt: now - 107.3 * second,
			duration: 11.4 * second,
			state: json('{"hits": []}'),
		},
		{
			name: 'rank',
			status: 'committed',
			ownerRunId: second2.runId,
			updatedAt: now - 12 * second,
			duration: 64 * second,
			state: json('[2, 1]'),
		},
	],
	checkpointCount: 4,
	waits: [],
	fetched: new Map(),
	relations: undefined,
	likely: {name: 'summarize', usual: 9 * second, agree: 4, of: 5},
	why: 'w-7:311 holds it for another 1m14s. If the lease runs out, it is retried after 1m00s (attempt 3 of 5).',
};

/** The answer that a screen on top would have got. */
export function answered(detail: RunDetail): ProbeAnswers {
	return {run: {kind: 'ready', value: detail, readAt: now - 200}};
}
