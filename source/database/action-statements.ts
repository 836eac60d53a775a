import {maxAttemptsAfter} from '../monitor/consequences.ts';
import type {Intent, RetryIntent} from '../monitor/hands.ts';
import {tableIdentifiers} from './ask-statement.ts';
import {tableName} from './identifiers.ts';
import {statement} from './sql.ts';
import type {Statement} from './statement.ts';

/** Newest tasks of a queue that are looked at for names and usual values. */
const recentRows = 2000;

/** Tasks that a dialog names of those that an event wakes. */
const namedWaiters = 5;

/** Names of events offered for completion. */
const eventNames = 200;

/** The statement that does a retry. In place with further attempts it needs to know how many were made. */
export function retryStatement(intent: RetryIntent, attempts: number): Statement {
	const {queue, taskId, spawnNew, extraAttempts} = intent;
	const inPlace =
		extraAttempts === undefined ? {} : {max_attempts: maxAttemptsAfter({attempts, maxAttempts: null}, intent)};
	const options = JSON.stringify(spawnNew ? {spawn_new: true} : inPlace);
	return statement('action-retry', {}, {queue, task_id: taskId, options}, queue);
}

/** The statement that does any other intent. */
export function actionStatement(intent: Exclude<Intent, RetryIntent>): Statement {
	const {queue} = intent;
	switch (intent.kind) {
		case 'cancel':
			return statement('action-cancel', {}, {queue, task_id: intent.taskId}, queue);
		case 'emit':
			return statement('action-emit', {}, {queue, event: intent.eventName, payload: intent.payload}, queue);
		case 'spawn':
			return statement(
				'action-spawn',
				{},
				{
					queue,
					task_name: intent.taskName,
					params: intent.params,
					headers: intent.headers ?? null,
					max_attempts: intent.maxAttempts,
					retry_strategy: intent.retryStrategy ?? null,
					cancellation: intent.cancellation ?? null,
					idempotency_key: intent.idempotencyKey ?? null,
				},
				queue,
			);
	}
}

/** Questions about one queue, by what they answer. */
export const ask = {
	rights: (queue: string): Statement => statement('queue-rights', {}, {queue}, queue),
	task: (queue: string, taskId: string): Statement =>
		statement(
			'task-facts',
			{t_table: tableName('t', queue), r_table: tableName('r', queue), c_table: tableName('c', queue)},
			{task_id: taskId},
			queue,
		),
	tasks: (queue: string, ids: readonly string[]): Statement =>
		statement('bulk-facts', {t_table: tableName('t', queue)}, {tasks: ids}, queue),
	event: (queue: string, event: string): Statement =>
		statement('event-facts', tableIdentifiers(queue, ['e', 'w', 't']), {event, shown: namedWaiters}, queue),
	names: (queue: string): Statement =>
		statement('recent-names', {t_table: tableName('t', queue)}, {rows: recentRows}, queue),
	events: (queue: string): Statement =>
		statement('awaited-events', {w_table: tableName('w', queue)}, {names: eventNames}, queue),
	byKey: (queue: string, key: string, partitioned: boolean): Statement =>
		partitioned
			? statement(
					'task-by-key-partitioned',
					{t_table: tableName('t', queue), i_table: tableName('i', queue)},
					{key},
					queue,
				)
			: statement('task-by-key', {t_table: tableName('t', queue)}, {key}, queue),
} as const;
