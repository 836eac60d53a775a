import {makeHeaders} from './headers.ts';
import type {TaskSpec} from './tasks.ts';

export type Json = string | number | boolean | null | {readonly [key: string]: Json | undefined} | readonly Json[];

/** A row by column name; columns that are left out are NULL. */
export type TableRow = {readonly [column: string]: Json | undefined};

/** The columns that a claim writes to a run. Instants are milliseconds since the epoch. */
export function claimColumns(worker: string, start: number, leaseEnd: number): TableRow {
	const at = timestamp(start);
	return {claimed_by: worker, started_at: at, available_at: at, claim_expires_at: timestamp(leaseEnd)};
}

/** The row of a task that has reached `state`. */
export function taskRow(
	task: TaskSpec,
	facts: {
		readonly n: number;
		readonly taskId: string;
		readonly enqueuedAt: number;
		readonly firstStart: number | undefined;
		readonly attempt: number;
		readonly runId: string;
		readonly state: Json;
		readonly result: Json;
	},
): TableRow {
	const {retryStrategy: retry, cancellation, maxAttempts} = task.options;
	return {
		task_id: facts.taskId,
		task_name: task.name,
		params: task.params(facts.n),
		headers: makeHeaders(task.queue, facts.n),
		retry_strategy: retry && {
			kind: retry.kind,
			base_seconds: retry.baseSeconds,
			factor: retry.factor,
			max_seconds: retry.maxSeconds,
		},
		max_attempts: maxAttempts,
		cancellation: cancellation && {max_delay: cancellation.maxDelay},
		enqueue_at: timestamp(facts.enqueuedAt),
		first_started_at: facts.firstStart === undefined ? null : timestamp(facts.firstStart),
		state: facts.state,
		attempts: facts.attempt,
		last_attempt_run: facts.runId,
		completed_payload: facts.result,
	};
}

/** An instant as text that Postgres reads. */
export function timestamp(at: number): string {
	return new Date(at).toISOString();
}
