import type {FinishGroup} from '../monitor/finish-window.ts';
import type {Ask, CheckpointRow, ClaimRow, EndedRow, Finished, Found, LiveFigures, Scanned} from '../monitor/source.ts';
import type {NamedFinish} from '../monitor/type-tally.ts';
import {flag, number, optionalNumber, optionalState, optionalText, state, text} from './rows.ts';
import type {Row} from './statement.ts';

function only(rows: readonly Row[]): Row {
	const [row] = rows;
	if (!row) throw new TypeError('The statement should have answered a row.');
	return row;
}

function liveFigures(row: Row): LiveFigures {
	return {
		now: number(row, 'now'),
		pending: number(row, 'pending'),
		pendingDue: number(row, 'pending_due'),
		pendingOldest: optionalNumber(row, 'pending_oldest'),
		running: number(row, 'running'),
		expired: number(row, 'expired'),
		runningOldest: optionalNumber(row, 'running_oldest'),
		runningNewest: optionalNumber(row, 'running_newest'),
		sleeping: number(row, 'sleeping'),
		sleepingDue: number(row, 'sleeping_due'),
		retrying: number(row, 'retrying'),
		timers: number(row, 'timers'),
		waiting: number(row, 'waiting'),
		sleepingOldest: optionalNumber(row, 'sleeping_oldest'),
		nextDue: optionalNumber(row, 'next_due'),
	};
}

function claimRow(row: Row): ClaimRow {
	return {
		runId: text(row, 'run_id'),
		taskId: text(row, 'task_id'),
		taskName: optionalText(row, 'task_name'),
		maxAttempts: optionalNumber(row, 'max_attempts') ?? null,
		attempt: number(row, 'attempt'),
		worker: optionalText(row, 'claimed_by'),
		claimedAt: number(row, 'claimed_at'),
		leaseExpiresAt: optionalNumber(row, 'claim_expires_at') ?? null,
	};
}

function scanned(row: Row, prefix: 'completed' | 'failed'): Scanned {
	return {
		rows: number(row, `${prefix}_scanned`),
		oldest: optionalNumber(row, `${prefix}_oldest`),
		newest: optionalNumber(row, `${prefix}_newest`),
	};
}

function finishGroup(row: Row): FinishGroup {
	return {
		settled: flag(row, 'settled'),
		failed: text(row, 'state') === 'failed',
		second: number(row, 'second'),
		bucket: optionalNumber(row, 'bucket'),
		runs: number(row, 'runs'),
	};
}

function namedFinish(row: Row): NamedFinish {
	return {
		taskName: text(row, 'task_name'),
		failed: text(row, 'state') === 'failed',
		bucket: number(row, 'bucket'),
		waited: optionalNumber(row, 'waited'),
		runs: number(row, 'runs'),
	};
}

function finished(rows: readonly Row[]): Finished {
	const first = only(rows);
	return {
		now: number(first, 'now'),
		settledUntil: number(first, 'settled_until'),
		completed: scanned(first, 'completed'),
		failed: scanned(first, 'failed'),
		groups: rows.filter(row => row['state'] !== null && row['task_name'] === null).map(finishGroup),
		names: rows.filter(row => row['task_name'] !== null).map(namedFinish),
	};
}

function endedRow(row: Row): EndedRow {
	return {
		state: state(row, 'state'),
		runId: text(row, 'run_id'),
		taskId: text(row, 'task_id'),
		attempt: number(row, 'attempt'),
		worker: optionalText(row, 'claimed_by'),
		claimedAt: number(row, 'claimed_at'),
		leaseExpiresAt: optionalNumber(row, 'claim_expires_at'),
		finishedAt: optionalNumber(row, 'finished_at'),
		errorName: optionalText(row, 'error_name'),
		errorMessage: optionalText(row, 'error_message'),
		reasonBytes: optionalNumber(row, 'reason_bytes'),
		taskName: optionalText(row, 'task_name'),
		maxAttempts: optionalNumber(row, 'max_attempts') ?? null,
		taskState: optionalState(row, 'task_state'),
		isLast: flag(row, 'is_last'),
	};
}

function checkpointRow(row: Row): CheckpointRow {
	return {
		taskId: text(row, 'task_id'),
		checkpoints: number(row, 'checkpoints'),
		name: optionalText(row, 'checkpoint_name'),
		at: optionalNumber(row, 'updated_at'),
	};
}

/** What the rows of a question's statement mean. Throws a TypeError that names the column when they are not as promised. */
export function foundRows(ask: Ask, rows: readonly Row[]): Found {
	switch (ask.kind) {
		case 'live':
			return {kind: 'live', value: liveFigures(only(rows))};
		case 'claims':
			return {kind: 'claims', value: rows.map(claimRow)};
		case 'finished':
			return {kind: 'finished', value: finished(rows)};
		case 'seed':
			return {kind: 'seed', value: rows.map(row => ({bucket: number(row, 'bucket'), runs: number(row, 'runs')}))};
		case 'failures':
		case 'predecessors':
		case 'ended':
			return {kind: ask.kind, value: rows.map(endedRow)};
		case 'outcomes':
			return {
				kind: 'outcomes',
				value: rows.map(row => ({
					taskId: text(row, 'task_id'),
					state: state(row, 'state'),
					lastRunId: optionalText(row, 'last_attempt_run'),
				})),
			};
		case 'checkpoints':
			return {kind: 'checkpoints', value: rows.map(checkpointRow)};
		case 'deep-count':
			return {kind: 'deep-count', value: number(only(rows), 'runs')};
	}
}
