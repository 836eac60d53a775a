import pg from 'pg';
import {afterAll, afterEach, beforeAll, describe, expect} from 'vitest';
import {createDatabase, type TestDatabase} from '../support/database.ts';

/** A row as JSON: instants are ISO texts in UTC, SQL NULL and JSON null are both null. */
export type Row = Record<string, unknown>;

/** What the fake clock of most tests shows at first: a Wednesday. */
const START = Date.parse('2026-03-04T12:00:00Z');

/** The instant `seconds` after the start of the fake clock, as Postgres writes it in JSON. */
export function at(seconds: number): string {
	return new Date(START + seconds * 1000).toISOString().replace(/[.]?0*Z$/, '+00:00');
}

/** These tests are about the project's own engine: another schema (`ABSURD_SQL`) has its own. */
export const describeEngine = describe.skipIf(process.env['ABSURD_SQL'] !== undefined);

const KEYS = {
	t: 'task_id',
	r: 'run_id',
	c: 'task_id',
	e: 'event_name',
	w: 'run_id',
	i: 'idempotency_key',
} as const;

/** Quotes an identifier. */
export function quoted(name: string): string {
	return pg.escapeIdentifier(name);
}

function argument(value: unknown): unknown {
	if (typeof value !== 'object' || value === null || value instanceof Date) return value;
	return JSON.stringify(value);
}

/** A connection with words for what the tests say. Objects are passed as JSON, and JSON null as the text `null`. */
export interface Session {
	readonly client: pg.Client;
	/** Rows of a statement. */
	sql(text: string, ...values: unknown[]): Promise<Row[]>;
	/** Rows of a function of the engine. */
	call(name: string, ...values: unknown[]): Promise<Row[]>;
	/** First column of the first row of a function of the engine. */
	value(name: string, ...values: unknown[]): Promise<unknown>;
	/** Rows of a queue's table with that key; all of them without a key. */
	rows(kind: keyof typeof KEYS, queue: string, key?: unknown): Promise<Row[]>;
	/** The one task, run, … of that key. */
	row(kind: keyof typeof KEYS, queue: string, key: unknown): Promise<Row>;
	/** States of the tasks or runs of those ids. */
	states(kind: 't' | 'r', queue: string, keys: readonly string[]): Promise<unknown[]>;
	/** Stops the clock at so many seconds after the start, or lets it run again. */
	clock(seconds: number | null): Promise<void>;
	/** Spawns a task and answers its ids. */
	spawn(queue: string, options?: object, name?: string): Promise<{task: string; run: string}>;
	/** Claims one run, which has to be there. */
	claim(queue: string, worker?: string, timeout?: number | null): Promise<{task: string; run: string; row: Row}>;
}

/** Words for a connection. */
export function session(client: pg.Client): Session {
	const sql = async (text: string, ...values: unknown[]): Promise<Row[]> =>
		(await client.query<Row>(text, values.map(argument))).rows;
	const call = (name: string, ...values: unknown[]) =>
		sql(`select * from absurd.${name}(${values.map((_, index) => `$${index + 1}`).join(', ')})`, ...values);
	const rows = async (kind: keyof typeof KEYS, queue: string, key?: unknown): Promise<Row[]> => {
		const table = `absurd.${quoted(`${kind}_${queue}`)}`;
		const filter = key === undefined ? '' : `where x.${KEYS[kind]} = $1`;
		const found = await client.query<{row: Row}>(
			`select to_jsonb(x) as row from ${table} x ${filter} order by x.${KEYS[kind]}, 1`,
			key === undefined ? [] : [key],
		);
		return found.rows.map(each => each.row);
	};
	const states = async (kind: 't' | 'r', queue: string, keys: readonly string[]): Promise<unknown[]> => {
		const all = new Map((await rows(kind, queue)).map(row => [row[KEYS[kind]], row['state']]));
		return keys.map(key => all.get(key));
	};
	return {
		client,
		sql,
		call,
		states,
		async value(name, ...values) {
			return Object.values((await call(name, ...values))[0] ?? {})[0];
		},
		rows,
		async row(kind, queue, key) {
			const [first, second] = await rows(kind, queue, key);
			if (first === undefined || second !== undefined) throw new Error(`Not one row in ${kind}_${queue}.`);
			return first;
		},
		async clock(seconds) {
			await client.query(`set absurd.fake_now = '${seconds === null ? '' : at(seconds)}'`);
		},
		async spawn(queue, options = {}, name = 'job') {
			const [row] = await call('spawn_task', queue, name, '{"n":1}', options);
			return {task: String(row?.['task_id']), run: String(row?.['run_id'])};
		},
		async claim(queue, worker = 'w', timeout = 60) {
			const [row] = await call('claim_task', queue, worker, timeout, 1);
			if (row === undefined) throw new Error(`Nothing to claim in ${queue}.`);
			return {task: String(row['task_id']), run: String(row['run_id']), row};
		},
	};
}

/** A database for the tests of a file, with a session on it. The clock runs again after each test. */
export interface Engine extends Session {
	readonly url: string;
	/** A further session; closed after the file. */
	another(): Promise<Session>;
	/** Creates a queue of a name that no other test has. */
	queue(mode?: 'unpartitioned' | 'partitioned', name?: string): Promise<string>;
}

/** Registers the hooks that make the database, and answers it; to be used inside tests only. */
export function useEngine(): Engine {
	let database: TestDatabase | undefined;
	let current: Session | undefined;
	let queues = 0;
	const ready = (): Session => {
		if (!current) throw new Error('The database is there in tests only.');
		return current;
	};
	beforeAll(async () => {
		database = await createDatabase();
		current = session(database.client);
	});
	afterEach(() => current?.clock(null));
	afterAll(() => database?.drop());
	return {
		get client() {
			return ready().client;
		},
		get url() {
			return database?.url ?? '';
		},
		sql: (...all) => ready().sql(...all),
		call: (...all) => ready().call(...all),
		value: (...all) => ready().value(...all),
		rows: (...all) => ready().rows(...all),
		row: (...all) => ready().row(...all),
		states: (...all) => ready().states(...all),
		clock: seconds => ready().clock(seconds),
		spawn: (...all) => ready().spawn(...all),
		claim: (...all) => ready().claim(...all),
		async another() {
			if (!database) throw new Error('The database is there in tests only.');
			return session(await database.connect());
		},
		async queue(mode = 'unpartitioned', name) {
			queues += 1;
			const queue = name ?? `q ${queues}`;
			await ready().call('create_queue', queue, mode);
			return queue;
		},
	};
}

/** Expects the refusal of a call: its SQLSTATE and its exact message, or what the message has to match. */
export async function refuses(
	answer: Promise<unknown>,
	code: string,
	message: string | RegExp,
): Promise<pg.DatabaseError> {
	const error = await answer.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof pg.DatabaseError)) throw new Error(`Not refused with ${code}: ${String(error)}`);
	expect({code: error.code, message: error.message}).toEqual({
		code,
		message: typeof message === 'string' ? message : expect.stringMatching(message),
	});
	return error;
}

/** A statement that has to wait for a lock: resolves when the server says that it waits. */
export async function untilBlocked(observer: Session, waiting: pg.Client): Promise<void> {
	const pid = (waiting as pg.Client & {processID?: number}).processID;
	for (;;) {
		const [row] = await observer.sql('select cardinality(pg_blocking_pids($1)) > 0 as blocked', pid);
		if (row?.['blocked'] === true) return;
	}
}

/** A uuid that names nothing. */
export const NOBODY = '01990000-0000-7000-8000-000000000000';
