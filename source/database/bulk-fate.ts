import {type BulkFate, type BulkKind, type BulkTask, bulkSkip} from '../monitor/bulk.ts';
import type {RetryManner} from '../monitor/hands.ts';
import {cancelledBefore} from './action-outcome.ts';
import {actionStatement, retryStatement} from './action-statements.ts';
import type {BulkFacts} from './bulk-preview.ts';
import {isString} from './row.ts';
import type {Row, Statement, StatementOutcome} from './statement.ts';

/** One action on many tasks. */
export interface BulkOrder {
	readonly kind: BulkKind;
	readonly tasks: readonly BulkTask[];
	/** Of a retry; in place with one further attempt unless told otherwise. */
	readonly manner?: RetryManner | undefined;
}

const inPlace: RetryManner = {spawnNew: false, extraAttempts: undefined};

/** Whether the order makes new tasks: those leave no trace in the ones that they were copied from. */
export function makesNew({manner = inPlace}: BulkOrder): boolean {
	return manner.spawnNew;
}

/** The one statement that does it to one task. */
export function statementOf({kind, manner = inPlace}: BulkOrder, {queue, taskId, attempts}: BulkTask): Statement {
	return kind === 'retry'
		? retryStatement({...manner, kind, queue, taskId}, attempts)
		: actionStatement({kind, queue, taskId});
}

const elsewhere = (state: string) => `${state} by now: somebody else was quicker`;

/** Whether the answer alone does not tell what became of the task, so that it has to be read back. */
export function isUnclear(kind: BulkKind, outcome: StatementOutcome): boolean {
	// cancel_task says nothing when there is nothing left to cancel; retry_task raises P0001 for what has not failed.
	return kind === 'cancel' ? outcome.kind === 'rows' : outcome.kind === 'error' && outcome.error.sqlstate === 'P0001';
}

/** The run that a retry has answered. */
function retried(queue: string, row: Row | undefined): BulkFate {
	const {task_id: taskId, run_id: runId} = row ?? {};
	return isString(taskId) && isString(runId) ? {kind: 'done', made: {queue, taskId, runId}} : {kind: 'done'};
}

/** What became of a task whose call was answered, with what was read back where the answer alone does not tell. */
export function fateOf(
	kind: BulkKind,
	{queue}: BulkTask,
	outcome: StatementOutcome,
	facts: BulkFacts | undefined,
): BulkFate {
	if (outcome.kind === 'skipped') return {kind: 'unsent'};
	if (outcome.kind === 'error') {
		const {sqlstate} = outcome.error;
		// Which statement it was says nothing beside the task.
		const sentence = outcome.error.sentence.replace(/^[^:]*: /, '');
		return sqlstate === 'P0001' && facts !== undefined && bulkSkip(kind, facts.state) !== undefined
			? {kind: 'skipped', reason: elsewhere(facts.state)}
			: {kind: 'failed', reason: sentence, sqlstate};
	}
	if (kind === 'retry') return retried(queue, outcome.rows[0]);
	// That it could not be read back does not undo what was done.
	if (facts === undefined) return {kind: 'done'};
	if (facts.state !== 'cancelled') return {kind: 'skipped', reason: elsewhere(facts.state)};
	return cancelledBefore(facts.cancelledAt, outcome.rows[0]?.['began'])
		? {kind: 'skipped', reason: elsewhere('cancelled')}
		: {kind: 'done'};
}

/** The state of a task tells whether a call whose answer was lost was carried out. */
export function happened(kind: BulkKind, before: BulkTask, now: BulkFacts | undefined): boolean {
	if (now === undefined) return false;
	return kind === 'cancel' ? now.state === 'cancelled' : now.state !== 'failed' || now.attempts > before.attempts;
}
