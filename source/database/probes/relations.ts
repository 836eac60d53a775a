import {awaitedTask, awaitStep, type RelatedTask, type Relations, sameFamily} from '../../monitor/relations.ts';
import type {RunDetail} from '../../monitor/run-detail.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {number, optionalText, state, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement} from '../statement.ts';
import type {ProbeTools} from './probe.ts';

/** Children that are looked up. */
const mostChildren = 50;

/** Keys looked at before and after that of the task. */
const neighbours = 10;

/** Checkpoints looked at in each queue for one that awaits the task. */
const looked = 5000;

export function briefsStatement(queue: string, tasks: readonly string[]): Statement {
	return statement('task-briefs', tableIdentifiers(queue, ['t']), {tasks: [...tasks]}, queue);
}

export function neighboursStatement(queue: string, key: string, partitioned: boolean): Statement {
	const values = {key, rows: neighbours};
	return partitioned
		? statement('key-neighbours-partitioned', tableIdentifiers(queue, ['i', 't']), values, queue)
		: statement('key-neighbours', tableIdentifiers(queue, ['t']), values, queue);
}

/** The highest id of the same millisecond: before Postgres 18 ids are in no order within one. */
function lastOfItsMillisecond(id: string): string {
	return `${id.slice(0, 13)}-ffff-ffff-ffffffffffff`;
}

export function awaitingStatement(queue: string, task: string): Statement {
	const values = {task: lastOfItsMillisecond(task), step: awaitStep(task), rows: looked};
	return statement('awaiting-tasks', tableIdentifiers(queue, ['c', 't']), values, queue);
}

function relatedTask(row: Row, queue: string): RelatedTask {
	const taskId = text(row, 'task_id');
	return {
		queue,
		taskId,
		runId: optionalText(row, 'last_attempt_run') ?? taskId,
		taskName: text(row, 'task_name'),
		state: state(row, 'state'),
		enqueuedAt: number(row, 'enqueue_at'),
		key: optionalText(row, 'key'),
	};
}

/** Asks several queues at once; a queue that cannot be read answers nothing. */
async function ask(statements: readonly Statement[], read: ProbeTools['read']): Promise<readonly RelatedTask[]> {
	if (statements.length === 0) return [];
	const {outcomes} = await read(statements);
	return outcomes.flatMap((outcome, index) => {
		const queue = statements[index]?.target ?? '';
		return outcome.kind === 'rows' ? outcome.rows.map(row => relatedTask(row, queue)) : [];
	});
}

/** Reads the tasks around a task; `parents` only when somebody asks for them: that looks into every queue. */
export async function readRelations(detail: RunDetail, parents: boolean, {read, book}: ProbeTools): Promise<Relations> {
	const queues = [...book.queues.keys()];
	const children = [...new Set(detail.checkpoints.flatMap(step => awaitedTask(step) ?? []))].slice(0, mostChildren);
	const partitioned = book.queues.get(detail.queue)?.storageMode === 'partitioned';
	const key = detail.idempotencyKey;
	const found = await ask(children.length === 0 ? [] : queues.map(queue => briefsStatement(queue, children)), read);
	const near = await ask(key === undefined ? [] : [neighboursStatement(detail.queue, key, partitioned)], read);
	const family = near.filter(task => key !== undefined && task.key !== undefined && sameFamily(key, task.key));
	return {
		children: new Map(children.map(id => [id, found.find(({taskId}) => taskId === id) ?? null])),
		parents: parents
			? await ask(
					queues.map(queue => awaitingStatement(queue, detail.taskId)),
					read,
				)
			: undefined,
		// The index may sort otherwise than we do; what matters is before and after in one order.
		family: family.sort((first, second) => first.enqueuedAt - second.enqueuedAt),
	};
}
