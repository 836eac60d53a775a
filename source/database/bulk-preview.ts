import {type BulkIntent, type BulkPreview, type BulkSkip, type BulkTask, bulkSkip} from '../monitor/bulk.ts';
import type {ActionKind} from '../monitor/hands.ts';
import type {Instant, State, TaskRef} from '../monitor/snapshot.ts';
import {readState} from './action-facts.ts';
import {ask} from './action-statements.ts';
import {askAll} from './hands-session.ts';
import {isNumber, isString} from './row.ts';
import type {Row, WritingSession} from './statement.ts';

/** What a bulk action knows of a task: as in sql/bulk-facts.sql. */
export interface BulkFacts extends BulkTask {
	readonly now: Instant;
	readonly cancelledAt: Instant | undefined;
}

/** Ids that one statement looks up at most. */
const idsAtOnce = 1000;

function readFacts(queue: string, row: Row): BulkFacts {
	const {now, task_id, task_name, state, attempts, cancelled_at} = row;
	const known: State | undefined = readState(state);
	if (!isNumber(now) || !isString(task_id) || !isString(task_name) || !isNumber(attempts) || known === undefined)
		throw new Error('The server answered a task that cannot be read.');
	const cancelledAt = isNumber(cancelled_at) ? cancelled_at : undefined;
	return {queue, taskId: task_id, name: task_name, state: known, attempts, now, cancelledAt};
}

function byQueue(tasks: readonly TaskRef[]): ReadonlyMap<string, readonly string[]> {
	const queues = new Map<string, string[]>();
	for (const {queue, taskId} of tasks) {
		const ids = queues.get(queue);
		if (ids === undefined) queues.set(queue, [taskId]);
		else ids.push(taskId);
	}
	return queues;
}

/** Looks tasks up by their keys; those that do not exist (any more) are left out. Ids are compared in lower case. */
export async function readBulkFacts(
	session: Pick<WritingSession, 'read'>,
	tasks: readonly TaskRef[],
): Promise<ReadonlyMap<string, BulkFacts>> {
	const asked = [...byQueue(tasks)].flatMap(([queue, ids]) =>
		Array.from({length: Math.ceil(ids.length / idsAtOnce)}, (_, part) => ({
			queue,
			ids: ids.slice(part * idsAtOnce, (part + 1) * idsAtOnce),
		})),
	);
	const answers = await askAll(
		session,
		asked.map(({queue, ids}) => ask.tasks(queue, ids)),
	);
	const found = new Map<string, BulkFacts>();
	for (const [index, {rows}] of answers.entries()) {
		const queue = asked[index]?.queue ?? '';
		for (const row of rows) {
			const facts = readFacts(queue, row);
			found.set(`${queue} ${facts.taskId}`, facts);
		}
	}
	return found;
}

/** Counts what a bulk action would do at this moment. `refusal` says why a queue's tasks cannot be touched at all. */
export async function previewBulk(
	session: WritingSession,
	{kind, tasks}: BulkIntent,
	refusal: (kind: ActionKind, queue: string) => string | undefined,
): Promise<BulkPreview> {
	const refused = new Map([...byQueue(tasks).keys()].map(queue => [queue, refusal(kind, queue)]));
	const readable = tasks.filter(({queue}) => refused.get(queue) === undefined);
	const found = await readBulkFacts(session, readable);
	const act: BulkTask[] = [];
	const skipped: BulkSkip[] = [];
	let at = Number.NEGATIVE_INFINITY;
	for (const task of tasks) {
		const facts = found.get(`${task.queue} ${task.taskId}`);
		const reason =
			refused.get(task.queue) ?? (facts === undefined ? 'no such task (any more)' : bulkSkip(kind, facts.state));
		if (facts !== undefined) at = Math.max(at, facts.now);
		if (reason !== undefined) skipped.push({task, reason});
		else if (facts !== undefined) act.push(facts);
	}
	return {at, act, skipped};
}
