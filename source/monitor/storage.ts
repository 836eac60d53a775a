import type {Duration, Instant} from './snapshot.ts';

/** A table or partition of a queue. */
export interface TableFacts {
	readonly name: string;
	/** The table that it is a partition of. */
	readonly parent: string | undefined;
	readonly bound: string | undefined;
	/** Planner's count; undefined = never analysed. */
	readonly rows: number | undefined;
	/** 0 on a standby, which does not count them. */
	readonly deadRows: number;
	readonly vacuumedAt: Instant | undefined;
	/** Undefined unless asked for, and for partitioned tables themselves. */
	readonly bytes: number | undefined;
}

/** How a queue is stored and maintained. */
export interface StorageFacts {
	readonly policy: readonly {readonly name: string; readonly value: string}[];
	readonly tables: readonly TableFacts[];
	/** Jobs of pg_cron; undefined where this database has none, which does not mean that nobody maintains it. */
	readonly jobs: readonly {readonly name: string; readonly schedule: string; readonly active: boolean}[] | undefined;
}

/** It is read anew after so long. */
export const storageAge: Duration = 30_000;
