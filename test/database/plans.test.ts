import type pg from 'pg';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {ask} from '../../source/database/action-statements.ts';
import {askStatement} from '../../source/database/ask-statement.ts';
import {listSqlFiles} from '../../source/database/sql-files.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {fillQueue} from '../support/history.ts';
import {type Measured, measure} from '../support/plan.ts';
import {table} from '../support/queue-rows.ts';
import {notMeasured, readingStatements, type Subject} from '../support/reading-statements.ts';

// What every query of ours costs on real tables, measured by the server, in the states in which somebody looks.

let database: TestDatabase;
const subjects = new Map<string, Subject>();
const results = new Map<string, ReadonlyMap<string, Measured>>();

async function fill(queue: string, history: Parameters<typeof fillQueue>[2]): Promise<void> {
	subjects.set(queue, {queue, ...(await fillQueue(database, queue, history))});
}

/** Measures all statements on a queue, each the second time, so that hint bits are set. */
async function measureAll(queue: string, client: pg.Client = database.client): Promise<ReadonlyMap<string, Measured>> {
	const known = results.get(queue);
	if (known) return known;
	const subject = subjects.get(queue);
	if (!subject) throw new Error(`Queue ${queue} is not filled.`);
	const measured = new Map<string, Measured>();
	for (const statement of readingStatements(subject)) {
		await measure(client, statement);
		measured.set(statement.name, await measure(client, statement));
	}
	results.set(queue, measured);
	return measured;
}

async function expectIndexed(queue: string): Promise<void> {
	const measured = await measureAll(queue);
	const scans = [...measured].flatMap(([name, {scans}]) => scans.map(scan => `${name}: ${scan}`));
	expect(scans).toEqual([]);
}

beforeAll(async () => {
	database = await createDatabase();
	await fill('small', {finished: 500});
	await fill('medium', {finished: 20_000});
	await fill('large', {finished: 200_000});
}, 120_000);
afterAll(() => database.drop());

test('no query file is left out', () => {
	const measured = readingStatements({queue: 'q', taskId: 't', runId: 'r', now: 0}).map(({name}) => name);
	const covered = [...measured, ...Object.keys(notMeasured)].sort();
	const files = listSqlFiles().map(name => name.replace(/\.sql$/, ''));
	expect(covered).toEqual(files.sort());
});

test('an index leads every scan, at any size', async () => {
	for (const queue of ['small', 'medium', 'large']) await expectIndexed(queue);
});

test('ten times the history costs the same', async () => {
	const medium = await measureAll('medium');
	const large = await measureAll('large');
	const dearer = [...large].flatMap(([name, at200k]) => {
		const at20k = medium.get(name) ?? {buffers: 0, entries: 0};
		// A level of the tree more is fair, a row more is not. Wait and event rows grow with the history here, too.
		const same = Math.abs(at200k.entries - at20k.entries) <= at20k.entries * 0.02 + 20;
		const flat = at200k.buffers <= at20k.buffers * 1.5 + 6;
		return same && flat ? [] : [{name, at20k, at200k}];
	});
	expect(dearer).toEqual([]);
});

test('a thousand tasks of a bulk action are a thousand probes of the key, however many tasks there are', async () => {
	for (const queue of ['medium', 'large']) {
		const rows = await database.query<{id: string}>(
			`select task_id::text as id from ${table('t', queue)} order by md5(task_id::text) limit 1000`,
		);
		const {scans, entries, buffers} = await measure(
			database.client,
			ask.tasks(
				queue,
				rows.map(({id}) => id),
			),
		);
		expect([queue, scans, entries]).toEqual([queue, [], 1000]);
		// Three levels of the tree and the row.
		expect(buffers).toBeLessThan(1000 * 5);
	}
});

test('a table that was never analysed is no different', async () => {
	await fill('restored', {finished: 100_000, analysed: false});
	await expectIndexed('restored');
	const medium = await measureAll('medium');
	const restored = await measureAll('restored');
	// Without a visibility map every entry is looked up in the table.
	for (const [name, {entries}] of restored) {
		expect([name, entries <= (medium.get(name)?.entries ?? 0) * 1.02 + 20]).toEqual([name, true]);
	}
}, 60_000);

/** A queue of a million pending runs. */
async function fillFlood(): Promise<void> {
	if (!subjects.has('flood')) await fill('flood', {finished: 2000, pending: 1_000_000});
}

test('a million pending runs are counted to the cap', async () => {
	await fillFlood();
	await expectIndexed('flood');
	const measured = await measureAll('flood');
	expect(measured.get('queue-live')?.entries).toBeLessThan(10_001 + 700);
	expect(measured.get('queue-predecessors')?.entries).toBeLessThan(2 * 10_001 + 1500);
	expect(measured.get('queue-claims')?.buffers).toBeLessThan(1500);
}, 120_000);

describe('while an old snapshot holds vacuum back', () => {
	test('the bounds of the tick keep it away from dead index entries', async () => {
		await fill('bloated', {finished: 20_000});
		const old = await database.connect();
		await old.query('begin isolation level repeatable read');
		await old.query('select count(*) from absurd.queues');
		const r = table('r', 'bloated');
		await database.query(`insert into ${r} (run_id, task_id, attempt, state, available_at, created_at)
			select gen_random_uuid(), gen_random_uuid(), 1, 'pending', now() - interval '20 minutes' + n * interval '10 ms', now()
			from generate_series(1, 60000) n`);
		await database.query(
			`update ${r} set state = 'running' where state = 'pending' and available_at < now() - interval '5 minutes'`,
		);
		await database.query(`update ${r} set state = 'completed', completed_at = now(), started_at = available_at
			where state = 'running' and available_at < now() - interval '5 minutes'`);
		await expectIndexed('bloated');
		const live = (from: number) => {
			const bounds = {pendingFrom: from, runningFrom: from, sleepingFrom: from};
			return askStatement({kind: 'live', queue: 'bloated', ...bounds, rows: 10_001});
		};
		const full = await measure(database.client, live(Number.NEGATIVE_INFINITY));
		const bounded = await measure(database.client, live(Date.now() - 120_000));
		expect(full.buffers).toBeGreaterThan(2000);
		expect(bounded.buffers).toBeLessThan(1000);
		expect(bounded.entries).toBe(full.entries);
		await old.query('rollback');
	}, 60_000);

	test('a million dead index entries cost the tick no more than none', async () => {
		await fillFlood();
		const r = table('r', 'flood');
		const old = await database.connect();
		await old.query('begin isolation level repeatable read');
		await old.query('select count(*) from absurd.queues');
		const [row] = await database.query<{last: number}>(
			`select extract(epoch from max(available_at))::float8 * 1000 as last from ${r} where state = 'pending'`,
		);
		const last = row?.last ?? Number.NaN;
		await database.query(`update ${r} set state = 'completed', completed_at = now() where state = 'pending'`);
		await database.query(
			`insert into ${r} (run_id, task_id, attempt, state, available_at)
			select gen_random_uuid(), gen_random_uuid(), 1, 'pending', to_timestamp($1) from generate_series(1, 300)`,
			[(last + 60_000) / 1000],
		);
		const live = (queue: string, from: number) => {
			const bounds = {pendingFrom: from, runningFrom: from, sleepingFrom: from};
			return measure(database.client, askStatement({kind: 'live', queue, ...bounds, rows: 10_001}));
		};
		// Where the tick looks from: what it saw last, less the time that a commit may be late.
		const from = last + 55_000;
		const clean = await live('medium', Number.NEGATIVE_INFINITY);
		const bounded = await live('flood', from);
		const unbounded = await live('flood', Number.NEGATIVE_INFINITY);
		expect(unbounded.buffers).toBeGreaterThan(5000);
		expect(bounded.scans).toEqual([]);
		expect(bounded.buffers).toBeLessThanOrEqual(clean.buffers + 50);
		await old.query('rollback');
	}, 180_000);
});
