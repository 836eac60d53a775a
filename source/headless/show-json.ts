import type {CheckpointSnapshot, Document, RunDetail, RunFailure, RunSnapshot} from '../monitor/run-detail.ts';
import type {Instant} from '../monitor/snapshot.ts';
import {iso8601} from './iso8601.ts';
import type {Json} from './json-shape.ts';

function time(instant: Instant | undefined): Json {
	return instant === undefined ? null : iso8601(instant);
}

/** The text has all digits of the database; turned into numbers some would be lost. */
function document(value: Document | undefined): Json {
	return value === undefined ? null : {bytes: value.bytes, complete: value.complete, text: value.text};
}

function failure(value: RunFailure | undefined): Json {
	if (value === undefined) return null;
	return {
		name: value.name,
		message: value.message,
		trace: value.trace ?? null,
		reason: document(value.document),
	};
}

function run(value: RunSnapshot): Json {
	return {
		runId: value.runId,
		attempt: value.attempt,
		state: value.state,
		worker: value.worker ?? null,
		createdAt: time(value.createdAt),
		availableAt: time(value.availableAt),
		startedAt: time(value.startedAt),
		completedAt: time(value.completedAt),
		failedAt: time(value.failedAt),
		leaseExpiresAt: time(value.leaseExpiresAt),
		wakeEvent: value.wakeEvent ?? null,
		eventPayload: document(value.eventPayload),
		failure: failure(value.failure),
		result: document(value.result),
	};
}

function checkpoint(value: CheckpointSnapshot): Json {
	return {
		name: value.name,
		status: value.status,
		ownerRunId: value.ownerRunId ?? null,
		updatedAt: time(value.updatedAt),
		durationMs: value.duration ?? null,
		state: document(value.state),
	};
}

/** Everything in the order in which `docs/json.md` lists it. */
export function detailShape(detail: RunDetail): {readonly [key: string]: Json} {
	return {
		queue: detail.queue,
		taskId: detail.taskId,
		runId: detail.runId,
		taskName: detail.taskName,
		state: detail.state,
		why: detail.why,
		attempts: detail.attempts,
		maxAttempts: detail.maxAttempts,
		enqueuedAt: time(detail.enqueuedAt),
		firstStartedAt: time(detail.firstStartedAt),
		cancelledAt: time(detail.cancelledAt),
		idempotencyKey: detail.idempotencyKey ?? null,
		tenant: detail.tenant ?? null,
		params: document(detail.params),
		headers: document(detail.headers),
		retryStrategy: document(detail.retryStrategy),
		cancellation: document(detail.cancellation),
		result: document(detail.result),
		runCount: detail.runCount,
		runs: detail.runs.map(run),
		checkpointCount: detail.checkpointCount,
		checkpoints: detail.checkpoints.map(checkpoint),
		waits: detail.waits.map(value => ({
			runId: value.runId,
			stepName: value.stepName,
			eventName: value.eventName,
			createdAt: time(value.createdAt),
			timeoutAt: time(value.timeoutAt),
		})),
	};
}
