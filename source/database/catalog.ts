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

/** Run tables with the queue that each belongs to. */
export interface Counted {
	readonly oids: readonly string[];
	readonly queues: readonly string[];
	readonly next: number;
}

/** The tables of all queues, found by queue and by oid. */
export class TableBook {
	readonly queues: ReadonlyMap<string, QueueTables>;
	readonly #list: readonly QueueTables[];
	readonly #byOid = new Map<string, string>();

	constructor(queues: readonly QueueTables[]) {
		this.queues = new Map(queues.map(queue => [queue.name, queue]));
		this.#list = queues;
		for (const queue of queues) for (const oid of queue.oids) this.#byOid.set(oid, queue.name);
	}

	/**
	 * The run tables whose counters one tick reads: those of the queues that it asks, and of as many others as `most`
	 * tables allow, from place `from` in the registry on; `next` is where the following tick goes on.
	 */
	counted(asked: ReadonlySet<string>, from: number, most: number): Counted {
		const oids: string[] = [];
		const queues: string[] = [];
		const add = ({name, counted}: QueueTables) => {
			oids.push(...counted);
			for (const _oid of counted) queues.push(name);
		};
		for (const name of asked) {
			const queue = this.queues.get(name);
			if (queue) add(queue);
		}
		const count = this.#list.length;
		let looked = 0;
		for (; looked < count && oids.length < most; looked++) {
			const queue = this.#list[(from + looked) % count];
			if (queue && !asked.has(queue.name)) add(queue);
		}
		return {oids, queues, next: count === 0 ? 0 : (from + looked) % count};
	}

	/** The queue that a table belongs to. */
	owner(oid: string): string | undefined {
		return this.#byOid.get(oid);
	}
}
