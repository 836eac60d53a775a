import {troubleText} from '../components/status.ts';
import {taskKey} from '../monitor/bulk.ts';
import {missingQueues, noSuchQueue} from '../monitor/missing-queues.ts';
import type {RunRef} from '../monitor/snapshot.ts';
import type {Catalogue, Source} from '../monitor/source.ts';
import {UsageError} from '../usage-error.ts';
import type {CommandTools} from './command.ts';

/** What a question of a subcommand may take, milliseconds. */
export const askDeadline = 10_000;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a task or a run, in lower case. Throws a UsageError for what is none. */
export function readId(text: string): string {
	if (uuid.test(text)) return text.toLowerCase();
	throw new UsageError(`"${text}" is not the id of a task or a run: a whole UUID is needed.`);
}

/** Why the registry of queues could not be read, undefined when it could. */
export function catalogueProblem(catalogue: Catalogue, database: string): string | undefined {
	if (catalogue.kind === 'queues') return undefined;
	if (catalogue.kind === 'no-schema')
		return `The database ${database} has no schema absurd: Absurd is not installed there. Name another database with -d, or install it with absurd-top init.`;
	return troubleText(catalogue.trouble);
}

/** Reads the registry, which every further question needs. Rejects with a sentence. */
export async function readCatalogue(source: Source): Promise<void> {
	const problem = catalogueProblem(await source.catalogue(askDeadline), source.facts.database);
	if (problem !== undefined) throw new Error(problem);
}

/**
 * Rejects with a sentence when the registry has no such queue. Where the registry may not be read, what is done next
 * tells whether the queue is there.
 */
export async function requireQueue(queue: string, {connection}: Pick<CommandTools, 'connection'>): Promise<void> {
	await connection.first();
	const source = await connection.watch();
	try {
		const {database} = source.facts;
		const catalogue = await source.catalogue(askDeadline);
		if (catalogue.kind === 'no-schema') throw new Error(catalogueProblem(catalogue, database));
		const missing = catalogue.kind === 'queues' ? missingQueues([queue], catalogue.queues) : [];
		if (missing.length > 0) throw new Error(noSuchQueue(missing, database));
	} finally {
		await source.close();
	}
}

/** The tasks that ids belong to, each once. Rejects with a sentence when an id is nowhere. */
export async function findTasks(source: Source, ids: readonly string[]): Promise<readonly RunRef[]> {
	const found = await source.probe({kind: 'findAll', ids}, askDeadline);
	const missing = ids.filter(id => !found.has(id));
	if (missing.length > 0) throw new Error(nowhere(missing, source.facts.database));
	return [...new Map(ids.flatMap(id => found.get(id) ?? []).map(run => [taskKey(run), run])).values()];
}

/** Ids named in a sentence; the rest is counted. */
const namedIds = 3;

function nowhere(ids: readonly string[], database: string): string {
	const rest = ids.length > namedIds ? ` and ${ids.length - namedIds} more` : '';
	return `There is no task or run ${ids.slice(0, namedIds).join(', ')}${rest} in ${database}.`;
}

/** The task that an id belongs to, in whichever queue. Rejects with a sentence when there is none. */
export async function findTask(source: Source, id: string): Promise<RunRef> {
	const found = await source.probe({kind: 'find', id}, askDeadline);
	if (found === null) throw new Error(nowhere([id], source.facts.database));
	return found;
}
