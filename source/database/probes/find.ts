import type {RunRef} from '../../monitor/snapshot.ts';
import {SourceError} from '../../monitor/source.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Prober, ProbeTools} from './probe.ts';

/** Looks of one id into one queue that are made in one round trip. */
const looksAtOnce = 200;

/** Queues named when they could not be searched. */
const namedQueues = 3;

interface Look {
	readonly id: string;
	readonly queue: string;
}

interface Search {
	readonly found: Map<string, RunRef>;
	/** Queues whose tables could not be asked. */
	readonly unread: Set<string>;
}

async function searchSome(read: ProbeTools['read'], looks: readonly Look[], search: Search): Promise<void> {
	const statements = looks.map(({id, queue}) => statement('find-id', tableIdentifiers(queue, ['t', 'r']), {id}, queue));
	const {outcomes} = await read(statements);
	for (const [index, {id, queue}] of looks.entries()) {
		const outcome = outcomes[index];
		const row = outcome?.kind === 'rows' ? outcome.rows[0] : undefined;
		if (row) search.found.set(id, {queue, taskId: text(row, 'task_id'), runId: text(row, 'run_id')});
		else if (outcome?.kind !== 'rows') search.unread.add(queue);
	}
}

/** Looks for ids in one queue after the other, so that what was found is not looked for any more. */
async function search({read, book}: ProbeTools, ids: readonly string[]): Promise<ReadonlyMap<string, RunRef>> {
	const state: Search = {found: new Map(), unread: new Set()};
	let looks: readonly Look[] = [...book.queues.keys()].flatMap(queue => ids.map(id => ({id, queue})));
	while (looks.length > 0) {
		await searchSome(read, looks.slice(0, looksAtOnce), state);
		looks = looks.slice(looksAtOnce).filter(({id}) => !state.found.has(id));
	}
	const {found, unread} = state;
	const missing = ids.find(id => !found.has(id));
	if (missing === undefined || unread.size === 0) return found;
	const others = unread.size > namedQueues ? ` and ${unread.size - namedQueues} more` : '';
	const which = ids.length === 1 ? 'Not found' : `${missing} was not found`;
	const sentence = `${which}, but ${[...unread].slice(0, namedQueues).join(', ')}${others} could not be searched.`;
	throw new SourceError({sentence, sqlstate: undefined}, false);
}

/**
 * The run that the id of a task or a run belongs to, in whichever of the queues; null when it is in none. Rejects with a
 * SourceError when it was not found and not every queue could be searched.
 */
export const probeFind: Prober<'find'> = async ({id}, tools) => (await search(tools, [id])).get(id) ?? null;

/** The same for many ids, in as few round trips as there are hundreds of looks. */
export const probeFindAll: Prober<'findAll'> = ({ids}, tools) => search(tools, ids);
