import type {RunRef} from '../../monitor/snapshot.ts';
import {SourceError} from '../../monitor/source.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Prober, ProbeTools} from './probe.ts';

/** Queues that are searched in one round trip. */
const queuesAtOnce = 200;

/** Queues named when they could not be searched. */
const namedQueues = 3;

interface Search {
	readonly found: RunRef | undefined;
	/** Queues whose tables could not be asked. */
	readonly unread: readonly string[];
}

async function searchSome(read: ProbeTools['read'], id: string, queues: readonly string[]): Promise<Search> {
	const statements = queues.map(queue => statement('find-id', tableIdentifiers(queue, ['t', 'r']), {id}, queue));
	const {outcomes} = await read(statements);
	const unread: string[] = [];
	for (const [index, queue] of queues.entries()) {
		const outcome = outcomes[index];
		const row = outcome?.kind === 'rows' ? outcome.rows[0] : undefined;
		if (row) return {found: {queue, taskId: text(row, 'task_id'), runId: text(row, 'run_id')}, unread};
		if (outcome?.kind !== 'rows') unread.push(queue);
	}
	return {found: undefined, unread};
}

/**
 * The run that the id of a task or a run belongs to, in whichever of the queues; null when it is in none. Rejects with a
 * SourceError when it was not found and not every queue could be searched.
 */
export const probeFind: Prober<'find'> = async ({id}, {read, book}) => {
	const queues = [...book.queues.keys()];
	const unread: string[] = [];
	for (let start = 0; start < queues.length; start += queuesAtOnce) {
		const search = await searchSome(read, id, queues.slice(start, start + queuesAtOnce));
		if (search.found) return search.found;
		unread.push(...search.unread);
	}
	if (unread.length === 0) return null;
	const others = unread.length > namedQueues ? ` and ${unread.length - namedQueues} more` : '';
	const sentence = `Not found, but ${unread.slice(0, namedQueues).join(', ')}${others} could not be searched.`;
	throw new SourceError({sentence, sqlstate: undefined}, false);
};
