import type {SearchPlan} from '../../monitor/filter/plan.ts';
import type {Trouble} from '../../monitor/snapshot.ts';
import type {TaskRow} from '../../monitor/task-search.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import type {QueueTables} from '../catalog.ts';
import {text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Statement} from '../statement.ts';
import type {ProbeTools} from './probe.ts';
import {tasksOf, tasksStatement} from './task-pages.ts';

/** Queues that are asked in one round trip. */
const queuesAtOnce = 200;

function lookUps({path}: SearchPlan, {name, storageMode}: QueueTables): readonly Statement[] {
	if (path.kind === 'id') return [statement('find-id', tableIdentifiers(name, ['t', 'r']), {id: path.id}, name)];
	if (path.kind !== 'key') return [];
	return path.keys.map(key =>
		storageMode === 'partitioned'
			? statement('task-by-key-partitioned', tableIdentifiers(name, ['t', 'i']), {key}, name)
			: statement('task-by-key', tableIdentifiers(name, ['t']), {key}, name),
	);
}

/** The tasks that have a whole id or an idempotency key, in every queue: one probe each, then the tasks themselves. */
export async function lookUpTasks(
	plan: SearchPlan,
	{read, book}: ProbeTools,
): Promise<{readonly rows: readonly TaskRow[]; readonly unread: Map<string, Trouble>}> {
	const queues = [...book.queues.values()].filter(({name, readable}) => readable === true && plan.searches(name));
	const ids = new Map<string, string[]>();
	const unread = new Map<string, Trouble>();
	for (let start = 0; start < queues.length; start += queuesAtOnce) {
		const statements = queues.slice(start, start + queuesAtOnce).flatMap(queue => lookUps(plan, queue));
		const {outcomes} = await read(statements);
		for (const [index, {target = ''}] of statements.entries()) {
			const outcome = outcomes[index];
			if (outcome?.kind === 'rows') {
				for (const row of outcome.rows) ids.set(target, [...(ids.get(target) ?? []), text(row, 'task_id')]);
			} else if (outcome?.kind === 'error') {
				unread.set(target, {sentence: outcome.error.sentence, sqlstate: outcome.error.sqlstate});
			} else unread.set(target, {sentence: 'It was not reached before the deadline.', sqlstate: undefined});
		}
	}
	if (ids.size === 0) return {rows: [], unread};
	const found = [...ids];
	const {outcomes} = await read(found.map(([queue, tasks]) => tasksStatement(plan, queue, [...new Set(tasks)])));
	const rows = found.flatMap(([queue], index) => {
		const outcome = outcomes[index];
		return outcome?.kind === 'rows' ? tasksOf(queue, outcome.rows) : [];
	});
	return {rows, unread};
}
