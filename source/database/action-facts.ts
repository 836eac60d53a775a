import type {EventFacts, TaskFacts} from '../monitor/consequences.ts';
import type {State} from '../monitor/snapshot.ts';
import {isNumber, isString} from './row.ts';
import type {Row} from './statement.ts';

const states: readonly State[] = ['pending', 'running', 'sleeping', 'completed', 'failed', 'cancelled'];

/** A state as a column has it, undefined for anything else. */
export function readState(value: unknown): State | undefined {
	return states.find(state => state === value);
}

function instant(value: unknown): number | undefined {
	return isNumber(value) ? value : undefined;
}

function text(value: unknown): string | undefined {
	return isString(value) ? value : undefined;
}

/** Milliseconds of a policy in seconds, undefined where it is none. */
function seconds(value: unknown): number | undefined {
	const number = isString(value) && value.trim() !== '' ? Number(value) : Number.NaN;
	return Number.isFinite(number) ? number * 1000 : undefined;
}

/** Reads the row of task-facts.sql; undefined when there is no such task. Throws on a row that is none. */
export function readTask(row: Row | undefined): TaskFacts | undefined {
	if (row === undefined) return undefined;
	const state = readState(row['state']);
	const {now, task_id, task_name, attempts, enqueue_at, checkpoints, max_attempts} = row;
	if (
		state === undefined ||
		!isNumber(now) ||
		!isString(task_id) ||
		!isString(task_name) ||
		!isNumber(attempts) ||
		!isNumber(enqueue_at)
	)
		throw new Error('The server answered a task that cannot be read.');
	return {
		now,
		state,
		attempts,
		taskId: task_id,
		name: task_name,
		maxAttempts: isNumber(max_attempts) ? max_attempts : null,
		enqueuedAt: enqueue_at,
		firstStartedAt: instant(row['first_started_at']),
		cancelledAt: instant(row['cancelled_at']),
		maxDuration: seconds(row['max_duration']),
		checkpoints: isNumber(checkpoints) ? checkpoints : 0,
		runId: text(row['run_id']),
		worker: text(row['claimed_by']),
		leaseExpiresAt: instant(row['claim_expires_at']),
		availableAt: instant(row['available_at']),
		startedAt: instant(row['started_at']),
		wakeEvent: text(row['wake_event']),
		errorName: text(row['error_name']),
	};
}

function texts(value: unknown): readonly string[] {
	if (!Array.isArray(value)) return [];
	const items: readonly unknown[] = value;
	return items.filter(isString);
}

/** Reads the row of event-facts.sql. */
export function readEvent(row: Row | undefined, firstWins: boolean): EventFacts {
	const {now, waiting} = row ?? {};
	if (!isNumber(now) || !isNumber(waiting)) throw new Error('The server answered an event that cannot be read.');
	const ids = texts(row?.['ids']);
	const waiters = texts(row?.['names']).map((name, index) => ({name, taskId: ids[index] ?? ''}));
	return {now, waiting, waiters, firstWins, emittedAt: instant(row?.['emitted_at'])};
}
