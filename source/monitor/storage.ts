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

const uuid = "'([0-9a-f]{8})-([0-9a-f]{4})-[0-9a-f-]{22}'";
const range = new RegExp(`^FOR VALUES FROM \\(${uuid}\\) TO \\(${uuid}\\)$`, 'i');

/**
 * The range of a partition in words: ids begin with their time, so `2026-11-16 to 2026-11-23` (UTC) says what the two ids
 * mean. Another bound is told as it is.
 */
export function boundText(bound: string): string {
	const [, from, fromRest, to, toRest] = range.exec(bound) ?? [];
	if (from === undefined || to === undefined) return bound === 'DEFAULT' ? 'default: what no other takes' : bound;
	const day = (digits: string) => new Date(Number.parseInt(digits, 16)).toISOString().slice(0, 10);
	return `${day(`${from}${fromRest ?? ''}`)} to ${day(`${to}${toRest ?? ''}`)}`;
}
