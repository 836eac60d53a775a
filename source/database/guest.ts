/** What is known about a server that decides how a transaction of ours is opened. */
export interface GuestFacts {
	/** `server_version_num`, 0 when not known yet. */
	readonly serverVersion: number;
	/** PGlite: timers do not exist there. */
	readonly embedded: boolean;
	/** What our transactions call themselves in `pg_stat_activity`. */
	readonly applicationName: string;
}

/** The savepoint that every statement is rolled back to, so that its locks and its error end with it. */
export const savepoint = 'absurd_top';

/** A transaction of ours that waits for its client this long is ended by the server: Ctrl-S must not hold snapshots. */
const idleTimeout = 10_000;

/** The server ends the whole transaction this long after the deadline, should a cancel get lost. */
const transactionGrace = 5000;

/** Reading must not wait for somebody's DDL. */
const readLockTimeout = 50;

// DateStyle, TimeZone, IntervalStyle: the one format that types.ts parses, whatever the role's defaults are.
const formats: ReadonlyArray<readonly [string, string]> = [
	['DateStyle', 'ISO, YMD'],
	['TimeZone', 'UTC'],
	['IntervalStyle', 'postgres'],
	['extra_float_digits', '1'],
];

// Keeps the planner on the indexes and off the other processors, whatever the statistics say.
const planner: ReadonlyArray<readonly [string, string]> = [
	['enable_seqscan', 'off'],
	['enable_bitmapscan', 'off'],
	// Where an index gives most of an order, the rest is sorted group by group: never all rows before the first.
	['enable_sort', 'off'],
	['jit', 'off'],
	['max_parallel_workers_per_gather', '0'],
];

function identity(guest: GuestFacts, deadline: number, lockTimeout: number): ReadonlyArray<readonly [string, string]> {
	const name = ['application_name', guest.applicationName] as const;
	if (guest.embedded) return [name];
	const milliseconds = (value: number) => `${Math.max(1, Math.ceil(value))}ms`;
	return [
		name,
		['statement_timeout', milliseconds(deadline)],
		['lock_timeout', milliseconds(lockTimeout)],
		['idle_in_transaction_session_timeout', milliseconds(idleTimeout)],
		...(guest.serverVersion >= 170_000
			? [['transaction_timeout', milliseconds(deadline + transactionGrace)] as const]
			: []),
	];
}

/** `SET LOCAL` only: behind a pooler anything else would stay with the next client of that server connection. */
function setLocal(settings: ReadonlyArray<readonly [string, string]>): string {
	return settings.map(([name, value]) => `set local ${name} = '${value.replaceAll("'", "''")}';`).join(' ');
}

/** Opens a reading transaction with the manners of a guest, in one simple query. Milliseconds. */
export function openReading(guest: GuestFacts, deadline: number): string {
	const settings = setLocal([...identity(guest, deadline, readLockTimeout), ...formats, ...planner]);
	return `begin isolation level repeatable read read only; ${settings} savepoint ${savepoint}`;
}

/**
 * Ends one statement: gives its locks back and clears its error. Past the deadline it fails on purpose, which makes the
 * server skip what is still in the pipeline. `now()` is when the transaction began.
 */
export function endStatement(deadline: number): string {
	const limit = Math.max(1, Math.ceil(deadline));
	// A select without columns that finds nothing: its answer is a few bytes.
	const inTime = `1 / (clock_timestamp() < now() + interval '${limit} ms')::int`;
	return `rollback to savepoint ${savepoint}; select where ${inTime} = 0`;
}

/** Opens a transaction that writes one statement. No planner settings: the functions it calls are not ours to steer. */
export function openWriting(guest: GuestFacts, deadline: number, lockTimeout: number): string {
	return `begin; ${setLocal([...identity(guest, deadline, lockTimeout), ...formats])}`;
}
