import type {Instant, State} from '../monitor/snapshot.ts';
import type {Row} from './statement.ts';

// A row's shape is a promise of its query file. These readers check it once, so that a wrong column is an error that
// names it and never an `undefined` somewhere on a screen.

function broken(row: Row, column: string, wanted: string): TypeError {
	return new TypeError(`Column ${column} should be ${wanted} but is ${typeof row[column]} (${String(row[column])}).`);
}

/** A text that is never null. */
export function text(row: Row, column: string): string {
	const value = row[column];
	if (typeof value !== 'string') throw broken(row, column, 'a text');
	return value;
}

/** A text, undefined for SQL NULL. */
export function optionalText(row: Row, column: string): string | undefined {
	return row[column] === null ? undefined : text(row, column);
}

/** A number or instant that is never null. Beyond 2^53 digits are lost: only for counts, oids and instants. */
export function number(row: Row, column: string): number {
	const value = row[column];
	if (typeof value === 'bigint') return Number(value);
	if (typeof value !== 'number') throw broken(row, column, 'a number');
	return value;
}

/** A number or instant, undefined for SQL NULL. */
export function optionalNumber(row: Row, column: string): number | undefined {
	return row[column] === null ? undefined : number(row, column);
}

/** A boolean; SQL NULL is false. */
export function flag(row: Row, column: string): boolean {
	const value = row[column];
	if (value === null) return false;
	if (typeof value !== 'boolean') throw broken(row, column, 'a boolean');
	return value;
}

const states: ReadonlySet<string> = new Set(['pending', 'running', 'sleeping', 'completed', 'failed', 'cancelled']);

function isState(value: string): value is State {
	return states.has(value);
}

/** A state of a task or run. */
export function state(row: Row, column: string): State {
	const value = text(row, column);
	if (!isState(value)) throw broken(row, column, 'a state');
	return value;
}

/** A state, undefined for SQL NULL. */
export function optionalState(row: Row, column: string): State | undefined {
	return row[column] === null ? undefined : state(row, column);
}

/** Which attempt of which task a row is about. A task that was deleted meanwhile has no name any more. */
export function attemptOf(queue: string, row: Row) {
	return {
		queue,
		taskId: text(row, 'task_id'),
		runId: text(row, 'run_id'),
		taskName: optionalText(row, 'task_name') ?? '(deleted)',
		attempt: number(row, 'attempt'),
		maxAttempts: optionalNumber(row, 'max_attempts') ?? null,
	};
}

/** Which task a row is about, with its newest run. */
export function taskOf(queue: string, row: Row) {
	return {
		queue,
		taskId: text(row, 'task_id'),
		runId: optionalText(row, 'last_attempt_run') ?? '',
		taskName: text(row, 'task_name'),
		state: state(row, 'state'),
	};
}

const millisecondsPerMinute = 60_000;

/** An instant as the text of a timestamptz, to the microsecond; ±Infinity as `infinity` and `-infinity`. */
export function instantText(instant: Instant): string {
	if (instant === Number.POSITIVE_INFINITY) return 'infinity';
	if (instant === Number.NEGATIVE_INFINITY) return '-infinity';
	const minute = Math.floor(instant / millisecondsPerMinute) * millisecondsPerMinute;
	const micros = Math.round((instant - minute) * 1000);
	const whole = new Date(minute + Math.floor(micros / 1000)).toISOString().slice(0, -1);
	return `${whole}${String(micros % 1000).padStart(3, '0')}Z`;
}
