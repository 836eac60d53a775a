import type {Catalogue, CatalogueQueue} from '../monitor/source.ts';
import {flag, optionalNumber, optionalText, text} from './rows.ts';
import type {DatabaseError, Row} from './statement.ts';

/** One queue with the oids of its tables, as texts. */
export interface QueueTables extends CatalogueQueue {
	/** Every table that may be locked against us. */
	readonly oids: readonly string[];
	/** Run tables that hold rows: the table itself, or its partitions. */
	readonly counted: readonly string[];
}

/** Reads a row of `catalog`. */
export function queueTables(row: Row): QueueTables {
	const tables = ['runs_oid', 'tasks_oid', 'checkpoints_oid', 'waits_oid'].map(column => optionalText(row, column));
	const missing = tables[0] === undefined || tables[1] === undefined;
	const counted = optionalText(row, 'counted_oids')?.split(',') ?? [];
	return {
		name: text(row, 'queue_name'),
		storageMode: text(row, 'storage_mode') === 'partitioned' ? 'partitioned' : 'unpartitioned',
		tables: tables.map(oid => oid ?? '').join(' '),
		readable: missing ? undefined : flag(row, 'readable'),
		runRows: optionalNumber(row, 'run_rows'),
		oids: [...new Set([...tables.filter(oid => oid !== undefined), ...counted])],
		counted,
	};
}

/** What it means that the registry could not be read: no schema, no right, or a real failure. */
export function catalogueFailure(error: DatabaseError | undefined): Catalogue {
	if (!error) {
		const sentence = 'The list of queues did not arrive before the deadline; it is asked for again.';
		return {kind: 'failed', trouble: {sentence, sqlstate: undefined}};
	}
	const trouble = {sentence: error.sentence, sqlstate: error.sqlstate};
	// 3F000: no such schema; 42P01: the schema is there but not Absurd's registry.
	if (error.sqlstate === '3F000' || error.sqlstate === '42P01') return {kind: 'no-schema'};
	return error.sqlstate === '42501' ? {kind: 'no-rights', trouble} : {kind: 'failed', trouble};
}

/** The tables of all queues, found by queue and by oid. */
export class TableBook {
	readonly queues: ReadonlyMap<string, QueueTables>;
	/** All run tables that hold rows, in the order of `counterQueues`. */
	readonly counterOids: readonly string[];
	readonly counterQueues: readonly string[];
	readonly #byOid = new Map<string, string>();

	constructor(queues: readonly QueueTables[]) {
		this.queues = new Map(queues.map(queue => [queue.name, queue]));
		const counted = queues.flatMap(queue => queue.counted.map(oid => [queue.name, oid] as const));
		this.counterOids = counted.map(([, oid]) => oid);
		this.counterQueues = counted.map(([name]) => name);
		for (const queue of queues) for (const oid of queue.oids) this.#byOid.set(oid, queue.name);
	}

	/** The queue that a table belongs to. */
	owner(oid: string): string | undefined {
		return this.#byOid.get(oid);
	}
}
