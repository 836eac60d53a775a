import type {EventFacts, TaskFacts} from '../monitor/consequences.ts';
import type {Intent, Outcome} from '../monitor/hands.ts';
import {plural, span} from '../monitor/phrase.ts';
import type {RunRef} from '../monitor/snapshot.ts';
import {isNumber, isString} from './row.ts';
import type {DatabaseError, Row} from './statement.ts';

/** What was read before and after an action, to say what it did. */
export interface Witness {
	readonly intent: Intent;
	/** The row that the action answered. */
	readonly row: Row | undefined;
	/** The task as it is now, for retry, cancel and spawn. */
	readonly task: TaskFacts | undefined;
	/** The event as it was before, for emit. */
	readonly event: EventFacts | undefined;
}

/** What an intent would have done, for an error's sentence: `Task … could not be retried`. */
export function failedTo(intent: Intent): string {
	switch (intent.kind) {
		case 'retry':
			return `Task ${intent.taskId} in queue ${intent.queue} could not be retried`;
		case 'cancel':
			return `Task ${intent.taskId} in queue ${intent.queue} could not be cancelled`;
		case 'spawn':
			return `Task ${intent.taskName} could not be spawned in queue ${intent.queue}`;
		case 'emit':
			return `Event ${intent.eventName} could not be emitted in queue ${intent.queue}`;
	}
}

/** How to find out what became of an intent whose answer was lost. */
function lookUp(intent: Intent): string {
	switch (intent.kind) {
		case 'retry':
		case 'cancel':
			return `Look task ${intent.taskId} up before you try again.`;
		case 'spawn':
			return intent.idempotencyKey === undefined
				? `Look for a new task ${intent.taskName} in queue ${intent.queue} before you try again: a second spawn makes a second task.`
				: 'Spawning it again is safe: it has an idempotency key.';
		case 'emit':
			return 'Emitting it again is safe: the first payload stays.';
	}
}

/** The outcome when the connection broke before the answer. */
export function unknownOutcome(intent: Intent, error: DatabaseError): Outcome {
	return {kind: 'unknown', sentence: `${error.sentence} It may or may not have happened. ${lookUp(intent)}`};
}

/** The outcome when the database refused. `task` is what was read back, where somebody else may have been quicker. */
export function failedOutcome(
	intent: Intent,
	{sentence, sqlstate}: DatabaseError,
	task: TaskFacts | undefined,
): Outcome {
	const code = sqlstate === undefined ? '' : ` (${sqlstate})`;
	// What is the matter stands behind the name of the statement, the code at the end.
	const said = quicker(task) ?? sentence.replace(/^[^:]*: /, '').replace(code, '');
	return {kind: 'failed', sentence: `${failedTo(intent)}: ${said} Nothing was changed.${code}`, sqlstate};
}

/** A retry is refused when the task has not failed (any more): says what became of it. */
function quicker(task: TaskFacts | undefined): string | undefined {
	if (task === undefined || task.state === 'failed') return undefined;
	const most = task.maxAttempts === null ? '' : ` of ${task.maxAttempts}`;
	return `it is ${task.state} now, at attempt ${task.attempts}${most}; somebody else was quicker.`;
}

function stateSentence(task: TaskFacts | undefined): string {
	return task === undefined ? 'It could not be read back.' : `It is ${task.state} now.`;
}

function made({intent, row, task}: Witness): Outcome {
	const {task_id, run_id, attempt, created} = row ?? {};
	if (!isString(task_id) || !isString(run_id))
		return {kind: 'done', sentence: 'The database took it, without saying which task it is.', task: undefined};
	const ref: RunRef = {queue: intent.queue, taskId: task_id, runId: run_id};
	if (intent.kind === 'spawn')
		return created === false
			? {
					kind: 'done',
					sentence: `Task ${task_id} has this idempotency key: nothing new was made. ${stateSentence(task)}`,
					task: ref,
					state: task?.state,
				}
			: {kind: 'done', sentence: `Task ${task_id} was made. ${stateSentence(task)}`, task: ref, state: task?.state};
	const number = isNumber(attempt) ? String(attempt) : '?';
	const sentence =
		created === true
			? `Retried as the new task ${task_id}. ${stateSentence(task)}`
			: `Retried: attempt ${number} of task ${task_id} was made. ${stateSentence(task)}`;
	return {kind: 'done', sentence, task: ref, state: task?.state};
}

/** Whether a task was cancelled before a call of ours began: its row has kept the earlier time. */
export function cancelledBefore(cancelledAt: unknown, began: unknown): cancelledAt is number {
	return isNumber(cancelledAt) && isNumber(began) && cancelledAt < began;
}

function cancelled({intent, row, task}: Witness): Outcome {
	if (intent.kind !== 'cancel') throw new Error('This is no cancel.');
	if (task?.state === 'cancelled' && cancelledBefore(task.cancelledAt, row?.['began'])) {
		const ago = span(task.now - task.cancelledAt);
		const sentence = `Task ${intent.taskId} had been cancelled ${ago} ago by somebody else. Nothing was changed.`;
		return {kind: 'failed', sentence, sqlstate: undefined};
	}
	const {queue, taskId} = intent;
	const ref = task?.runId === undefined ? undefined : {queue, taskId, runId: task.runId};
	if (task === undefined || task.state === 'cancelled')
		return {
			kind: 'done',
			sentence: `Task ${intent.taskId} was cancelled. ${task ? '' : stateSentence(task)}`.trim(),
			task: ref,
			state: task?.state,
		};
	// It ended between the dialog and the key: cancel_task says nothing then.
	return {
		kind: 'failed',
		sentence: `Task ${intent.taskId} is ${task.state} by now. Nothing was changed.`,
		sqlstate: undefined,
	};
}

function emitted({intent, event}: Witness): Outcome {
	const name = intent.kind === 'emit' ? intent.eventName : '';
	if (event?.emittedAt !== undefined && event.firstWins)
		return {kind: 'done', sentence: `Event ${name} was emitted before; the first payload stays.`, task: undefined};
	const waiting = event?.waiting ?? 0;
	const woke =
		waiting === 0
			? 'nobody waited for it'
			: `${plural(waiting, 'task', 'tasks')} waited for it and ${waiting === 1 ? 'wakes' : 'wake'}`;
	return {kind: 'done', sentence: `Event ${name} was emitted; ${woke}.`, task: undefined};
}

/** Says what an action did, from what the database answered and what was read back. */
export function doneOutcome(witness: Witness): Outcome {
	switch (witness.intent.kind) {
		case 'retry':
		case 'spawn':
			return made(witness);
		case 'cancel':
			return cancelled(witness);
		case 'emit':
			return emitted(witness);
	}
}
