import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import type {Ask, Source} from '../../source/monitor/source.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startMonitor} from '../support/monitor.ts';
import {createQueue, table} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

const always = Number.NEGATIVE_INFINITY;

function live(queue: string, rows = 10_001): Ask {
	return {kind: 'live', queue, pendingFrom: always, runningFrom: always, sleepingFrom: always, rows};
}

async function withSource<Result>(url: string, work: (source: Source) => Promise<Result>): Promise<Result> {
	const source = createSource(await sessionOn(url), {queues: []});
	try {
		const catalogue = await source.catalogue(5000);
		if (catalogue.kind !== 'queues') throw new Error(`The catalogue is ${catalogue.kind}.`);
		return await work(source);
	} finally {
		await source.close();
	}
}

/** Spawns tasks directly: pending runs, due since `age` ago. */
async function pend(database: TestDatabase, queue: string, count: number, age = '1 second'): Promise<void> {
	await database.query(
		`with runs as (
			insert into ${table('r', queue)} (run_id, task_id, attempt, state, available_at, created_at)
			select gen_random_uuid(), gen_random_uuid(), 1, 'pending', now() - interval '${age}', now()
			from generate_series(1, ${count}) returning run_id, task_id)
		insert into ${table('t', queue)} (task_id, task_name, params, state, attempts, enqueue_at, last_attempt_run)
		select task_id, 'work', '{}', 'pending', 1, now(), run_id from runs`,
	);
}

describe('hostile names', () => {
	const names = [
		'two words',
		`it's`,
		'a "quoted" one',
		'Ünï-cødé 🐘',
		`:'x' :"y" $1`,
		'jobs_d',
		'dot.ted',
		`'; drop --`,
	];
	let database: TestDatabase;

	beforeAll(async () => {
		database = await createDatabase();
		for (const [index, name] of names.entries()) {
			await createQueue(database, name);
			await pend(database, name, index + 1);
		}
	});
	afterAll(() => database.drop());

	test('are read like any other', async () => {
		const monitor = await startMonitor(database.url);
		await monitor.tick();
		for (const [index, name] of names.entries()) {
			const queue = monitor.queue(name);
			expect([name, queue.ready, queue.trouble]).toEqual([name, {value: index + 1, exactness: 'exact'}, undefined]);
		}
		await monitor.close();
	});

	test('an id is found in whichever queue it is', () =>
		withSource(database.url, async source => {
			for (const name of names) {
				const [row] = await database.query<{task_id: string; run_id: string}>(
					`select task_id, run_id from ${table('r', name)} limit 1`,
				);
				const run = {queue: name, taskId: row?.task_id ?? '', runId: row?.run_id ?? ''};
				expect(await source.probe({kind: 'find', id: run.taskId}, 5000)).toEqual(run);
				expect(await source.probe({kind: 'find', id: run.runId}, 5000)).toEqual(run);
				expect((await source.probe({kind: 'run', run}, 5000))?.taskName).toBe('work');
			}
			expect(await source.probe({kind: 'find', id: '00000000-0000-7000-8000-000000000000'}, 5000)).toBe(null);
		}));

	test('-q shows only the queues that were asked for', async () => {
		const monitor = await startMonitor(database.url, {queues: [`it's`, 'unknown']});
		expect(monitor.snapshot.queues.map(queue => queue.name)).toEqual([`it's`]);
		await monitor.close();
	});
});

describe('one queue harms no other', () => {
	const names = ['good', 'locked', 'missing', 'denied', 'fine'];
	let database: TestDatabase;
	let url: string;

	beforeAll(async () => {
		database = await createDatabase();
		for (const name of names) {
			await createQueue(database, name);
			await pend(database, name, 3);
		}
		const role = `reader_${database.name}`;
		await database.query(`create role ${role} login`);
		await database.query(`grant usage on schema absurd to ${role}`);
		await database.query(`grant select on all tables in schema absurd to ${role}`);
		await database.query(`revoke select on absurd.r_denied from ${role}`);
		await database.query('drop table absurd.r_missing');
		const target = new URL(database.url);
		target.username = role;
		url = target.href;
	});
	afterAll(async () => {
		await database.query(`drop owned by reader_${database.name}`);
		await database.query(`drop role reader_${database.name}`);
		await database.drop();
	});

	test('a lock, a missing table and a missing right are told of and held back', async () => {
		const ddl = await database.connect();
		await ddl.query('begin');
		await ddl.query('lock table absurd.r_locked in access exclusive mode');
		const monitor = await startMonitor(url);
		for (const name of ['good', 'fine']) {
			expect(monitor.queue(name).ready).toEqual({value: 3, exactness: 'exact'});
			expect(monitor.queue(name).trouble).toBeUndefined();
		}
		const trouble = (name: string) => monitor.queue(name).trouble;
		expect(trouble('locked')).toMatchObject({sqlstate: '55P03', sentence: expect.stringContaining('locked')});
		expect(trouble('missing')).toMatchObject({sqlstate: '42P01', sentence: expect.stringContaining('missing')});
		expect(trouble('denied')).toMatchObject({sqlstate: '42501', sentence: expect.stringContaining('denied')});
		const findings = monitor.snapshot.findings.filter(
			({rule}) => rule === 'queue-unreadable' || rule === 'tables-missing',
		);
		expect(findings.map(finding => finding.queue).sort()).toEqual(['denied', 'locked', 'missing']);

		// From now on the look at the locks keeps it from being asked at all.
		await monitor.tick();
		await ddl.query('commit');
		for (let ticks = 0; ticks < 8 && trouble('locked'); ticks++) await monitor.tick();
		expect(trouble('locked')).toBeUndefined();
		expect(monitor.queue('locked').ready).toEqual({value: 3, exactness: 'exact'});
		await database.query(`grant select on absurd.r_denied to reader_${database.name}`);
		for (let ticks = 0; ticks < 20 && trouble('denied'); ticks++) await monitor.tick();
		expect(trouble('denied')).toBeUndefined();
		await monitor.close();
	});

	test('a dropped queue leaves, a new one comes', async () => {
		const monitor = await startMonitor(database.url);
		await createQueue(database, 'newcomer');
		await database.query(`delete from absurd.queues where queue_name = 'fine'`);
		const listed = () => monitor.snapshot.queues.map(queue => queue.name);
		for (let ticks = 0; ticks < 20 && listed().includes('fine'); ticks++) await monitor.tick();
		expect(listed()).toContain('newcomer');
		expect(listed()).not.toContain('fine');
		await monitor.close();
	});
});

describe('counts', () => {
	test('are capped, and a capped one is counted further only for a queue on screen', async () => {
		const database = await createDatabase();
		await createQueue(database, 'full');
		await pend(database, 'full', 10_500, '10 minutes');
		const monitor = await startMonitor(database.url);
		expect(monitor.queue('full').ready).toEqual({value: 10_000, exactness: 'atLeast'});
		await monitor.tick();
		expect(monitor.queue('full').ready).toEqual({value: 10_000, exactness: 'atLeast'});
		monitor.show({queues: ['full'], claims: []});
		await monitor.tick();
		expect(monitor.queue('full').ready).toMatchObject({value: 10_500, exactness: 'estimate'});
		expect(monitor.snapshot.findings[0]).toMatchObject({rule: 'backlog', severity: 'critical'});
		await monitor.close();
		await database.drop();
	});

	test('tell apart what sleeps for which reason', async () => {
		const database = await createDatabase();
		await createQueue(database, 'mixed');
		const insert = (state: string, at: string, event: string | null, started: boolean, attempt: number) =>
			database.query(
				`insert into absurd.r_mixed (run_id, task_id, attempt, state, available_at, wake_event, started_at, created_at)
				values (gen_random_uuid(), gen_random_uuid(), $1, $2, ${at}, $3, ${started ? 'now()' : 'null'}, now())`,
				[attempt, state, event],
			);
		await insert('sleeping', `now() + interval '1 minute'`, null, false, 2);
		await insert('sleeping', `now() + interval '2 minutes'`, null, true, 1);
		await insert('sleeping', `now() + interval '3 minutes'`, null, true, 1);
		for (let index = 0; index < 3; index++) await insert('sleeping', `'infinity'`, 'paid', true, 1);
		await insert('sleeping', `now() - interval '5 seconds'`, 'paid', true, 1);
		await insert('pending', `now() - interval '9 seconds'`, null, false, 1);
		await withSource(database.url, async source => {
			const {answers} = await source.tick([live('mixed')], 5000, false);
			expect(answers[0]?.result).toMatchObject({
				found: {value: {pending: 1, pendingDue: 1, sleeping: 7, sleepingDue: 1, retrying: 1, timers: 2, waiting: 3}},
			});
		});
		const monitor = await startMonitor(database.url);
		const queue = monitor.queue('mixed');
		expect([queue.ready, queue.retrying, queue.sleeping, queue.waiting].map(count => count?.value)).toEqual([
			2, 1, 2, 3,
		]);
		expect((queue.nextDueAt ?? 0) - (queue.readAt ?? 0)).toBeGreaterThan(50_000);
		await monitor.close();
		await database.drop();
	});
});

test('a database without Absurd, and one that may not be read, are states', async () => {
	const empty = await createDatabase({empty: true});
	const monitor = await startMonitor(empty.url);
	expect(monitor.snapshot.connection).toEqual({kind: 'no-schema'});
	await empty.query('create schema absurd');
	await empty.query('create table absurd.queues (queue_name text primary key, created_at timestamptz)');
	await empty.query(
		`create function absurd.current_time() returns timestamptz language sql as 'select clock_timestamp()'`,
	);
	await monitor.tick();
	expect(monitor.snapshot.connection).toEqual({kind: 'live'});
	expect(monitor.snapshot.queues).toEqual([]);
	await monitor.close();

	const role = `stranger_${empty.name}`;
	await empty.query(`create role ${role} login`);
	const url = new URL(empty.url);
	url.username = role;
	const stranger = await startMonitor(url.href);
	expect(stranger.snapshot.connection).toMatchObject({kind: 'no-rights', trouble: {sqlstate: '42501'}});
	await stranger.close();
	await empty.query(`drop role ${role}`);
	await empty.drop();
});

test('what keeps the whole tick from being answered is a finding', async () => {
	const database = await createDatabase();
	await createQueue(database, 'mail');
	await pend(database, 'mail', 2);
	const monitor = await startMonitor(database.url);
	await database.query(`create or replace function absurd.current_time() returns timestamptz language plpgsql volatile
		as 'begin raise exception ''no clock today''; end'`);
	await monitor.tick();
	expect(monitor.snapshot.findings[0]).toMatchObject({rule: 'tick-failed', severity: 'critical'});
	expect(monitor.snapshot.findings[0]?.sentence).toContain('no clock today');
	expect(monitor.queue('mail').ready).toEqual({value: 2, exactness: 'exact'});
	await monitor.close();
	await database.drop();
});
