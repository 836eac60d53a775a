import type {RunDetail} from '../monitor/run-detail.ts';
import type {Instant, RunRef} from '../monitor/snapshot.ts';
import {withDurations} from '../monitor/step-durations.ts';
import {why} from '../monitor/why.ts';
import {tableIdentifiers} from './ask-statement.ts';
import {instantText, number, optionalNumber, optionalText, state, text} from './rows.ts';
import {checkpointSnapshot, documentOf, runSnapshot, waitSnapshot} from './run-rows.ts';
import {statement} from './sql.ts';
import type {Row, Statement} from './statement.ts';

/** A detail and when it was read: the next reading asks only for the texts that changed since. */
export interface KnownDetail {
	readonly detail: RunDetail;
	readonly readAt: Instant;
}

/** What committed late may carry a time before the last reading. */
const overlap = 10_000;

/** The statements of one reading of a task: the task, its runs, checkpoints and waits. */
export function detailStatements(run: RunRef, known: KnownDetail | undefined): Statement[] {
	const task = run.taskId;
	const since = instantText(known ? known.readAt - overlap : Number.NEGATIVE_INFINITY);
	const of = (prefixes: ReadonlyArray<'t' | 'r' | 'c' | 'w'>) => tableIdentifiers(run.queue, prefixes);
	return [
		statement('run-task', of(['t']), {task, documents: known === undefined}, run.queue),
		statement('run-runs', of(['r']), {task, since}, run.queue),
		statement('run-checkpoints', of(['c']), {task, since}, run.queue),
		statement('run-waits', of(['t', 'w']), {task}, run.queue),
	];
}

/** Rows of `detailStatements`, in order. */
export type DetailRows = readonly [
	task: readonly Row[],
	runs: readonly Row[],
	checkpoints: readonly Row[],
	waits: readonly Row[],
];

/** Puts a task together; undefined when it is not there. */
export function detailOf(run: RunRef, rows: DetailRows, known: KnownDetail | undefined): KnownDetail | undefined {
	const [[task], runRows, checkpointRows, waitRows] = rows;
	if (!task) return undefined;
	const before = known?.detail;
	const runsBefore = new Map(before?.runs.map(each => [each.runId, each]));
	const runs = runRows.map(row => runSnapshot(row, runsBefore.get(text(row, 'run_id'))));
	const firstStartedAt = optionalNumber(task, 'first_started_at');
	const saved = new Map(before?.checkpoints.map(each => [each.name, each]));
	const checkpoints = checkpointRows.map(row => {
		const last = saved.get(text(row, 'checkpoint_name'));
		return checkpointSnapshot(row, last?.updatedAt === number(row, 'updated_at') ? last : undefined);
	});
	const [firstRun, firstCheckpoint] = [runRows[0], checkpointRows[0]];
	const taskState = state(task, 'state');
	const facts: Omit<RunDetail, 'why'> = {
		queue: run.queue,
		taskId: text(task, 'task_id'),
		runId: run.runId,
		taskName: text(task, 'task_name'),
		state: taskState,
		attempts: number(task, 'attempts'),
		maxAttempts: optionalNumber(task, 'max_attempts') ?? null,
		enqueuedAt: number(task, 'enqueue_at'),
		firstStartedAt,
		cancelledAt: optionalNumber(task, 'cancelled_at'),
		idempotencyKey: optionalText(task, 'idempotency_key'),
		tenant: optionalText(task, 'tenant_id'),
		params: documentOf(task, 'params', before?.params) ?? {bytes: 0, text: 'null', complete: true},
		headers: documentOf(task, 'headers', before?.headers),
		retryStrategy: documentOf(task, 'retry_strategy', before?.retryStrategy),
		cancellation: documentOf(task, 'cancellation', before?.cancellation),
		// A task's result is that of its completed run.
		result: taskState === 'completed' ? runs.findLast(each => each.state === 'completed')?.result : undefined,
		runs,
		runCount: firstRun ? number(firstRun, 'runs_known') : 0,
		checkpoints: withDurations(checkpoints, runs, firstStartedAt),
		checkpointCount: firstCheckpoint ? number(firstCheckpoint, 'checkpoints_known') : 0,
		waits: waitRows.map(waitSnapshot),
		fetched: new Map(),
		relations: undefined,
		likely: undefined,
	};
	const readAt = number(task, 'now');
	return {detail: {...facts, why: why(facts, readAt)}, readAt};
}
