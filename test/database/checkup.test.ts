import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import type {Fact} from '../../source/monitor/facts.ts';
import type {Source} from '../../source/monitor/source.ts';
import {type Absurd, eventually, stage} from '../support/absurd.ts';
import {queueFacts as askQueueFacts, serverFacts as askServerFacts, known} from '../support/checkup.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {createQueue} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

// The slow facts of the rules, read from real rows, catalogues and sessions.

let database: TestDatabase;
let absurd: Absurd;
let source: Source;

const day = 86_400_000;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await createQueue(database, 'mail');
	await createQueue(database, 'parts', 'partitioned');
	source = createSource(await sessionOn(database.url), {queues: []});
	await source.catalogue(5000);
});
afterAll(async () => {
	await source.close();
	await database.drop();
});

const queueFacts = (queue: string) => askQueueFacts(source, queue);
const serverFacts = () => askServerFacts(source);

async function forget(queue: string): Promise<void> {
	for (const prefix of ['t', 'r', 'c', 'w', 'e']) await database.query(`delete from absurd."${prefix}_${queue}"`);
}

test('of an empty queue everything is known, and nothing is wrong', async () => {
	for (const queue of ['mail', 'parts']) {
		const facts = await queueFacts(queue);
		for (const [part, fact] of Object.entries(facts)) expect([queue, part, fact.kind]).toEqual([queue, part, 'known']);
		const none: readonly Fact<readonly unknown[]>[] = [
			facts.deferred,
			facts.awaited,
			facts.cancellations,
			facts.steps,
			facts.running,
		];
		expect(none.map(known)).toEqual([[], [], [], [], []]);
		expect([facts.oldestFinished, facts.oldestEvent].map(known)).toEqual([null, null]);
	}
});

describe('storage', () => {
	test('sizes, policy and dead rows are those of the server', async () => {
		for (let n = 0; n < 30; n++) await absurd.spawn('mail', 'work');
		await database.query(
			`update absurd.queues set cleanup_ttl = '40 days 2 hours', detach_mode = 'empty', detach_min_age = '9 days' where queue_name = 'mail'`,
		);
		await database.query('analyze absurd.t_mail');
		await database.query('delete from absurd.t_mail');
		await database.query('select pg_stat_force_next_flush()').catch(() => []);
		await eventually('dead rows are counted', async () => {
			// Before Postgres 15 a session tells what it did with a later transaction of its own, if at all.
			await database.query('select from absurd.t_mail limit 1');
			return (known((await queueFacts('mail')).storage).dead?.rows ?? 0) > 0;
		});
		const storage = known((await queueFacts('mail')).storage);
		expect(storage).toMatchObject({
			taskRows: 30,
			sweepIndexed: true,
			eventsIndexed: true,
			cleanupTtl: 40 * day + 7_200_000,
			detachMode: 'empty',
			detachMinAge: 9 * day,
			defaultPartition: 'enabled',
			leftovers: [],
		});
		const [size] = await database.query<{bytes: string}>(`select pg_relation_size('absurd.t_mail') as bytes`);
		expect(storage.taskBytes).toBe(Number(size?.bytes));
		await forget('mail');
	});

	test('a detached partition that was not dropped is told, a queue of such a name is not', async () => {
		await createQueue(database, 'parts_777');
		await database.query('create table absurd.t_parts_601 (task_id uuid)');
		expect(known((await queueFacts('parts')).storage).leftovers).toEqual(['t_parts_601']);
		await database.query('drop table absurd.t_parts_601');
		await database.query(`select absurd.drop_queue('parts_777')`);
		await source.catalogue(5000);
	});
});

describe('partitions', () => {
	test('each has its bounds; the default one tells whether it is empty', async () => {
		const parts = known((await queueFacts('parts')).partitions);
		const [count] = await database.query<{n: number}>(
			`select count(*)::int as n from pg_inherits where inhparent in ('absurd.t_parts'::regclass, 'absurd.r_parts'::regclass, 'absurd.c_parts'::regclass, 'absurd.w_parts'::regclass)`,
		);
		expect(parts).toHaveLength(count?.n ?? 0);
		const now = parts.filter(({from, until}) => (from ?? Infinity) <= Date.now() && Date.now() < (until ?? 0));
		expect(now.map(({parent}) => parent).sort()).toEqual(['c_parts', 'r_parts', 't_parts', 'w_parts']);
		for (const {from, until} of now) expect((until ?? 0) - (from ?? 0)).toBe(7 * day);
		expect(parts.filter(({isDefault}) => isDefault).map(({empty}) => empty)).toEqual([true, true, true, true]);
	});

	test('a row outside all weeks lies in the default partition', async () => {
		const old = '01000000-0000-7000-8000-000000000001';
		await database.query(
			`insert into absurd.c_parts (task_id, checkpoint_name, owner_run_id) values ('${old}', 'plan', '${old}')`,
		);
		const parts = known((await queueFacts('parts')).partitions);
		expect(parts.filter(({empty}) => empty === false).map(({name}) => name)).toEqual(['c_parts_d']);
		await forget('parts');
	});
});

describe('tasks', () => {
	test('who is put off without a step is told; a timer with its step and a far one are not', async () => {
		for (const [name, step, seconds] of [
			['unknown', false, 20],
			['timer', true, 20],
			['far', false, 600],
		] as const) {
			const spawned = await absurd.spawn('mail', name);
			await absurd.claim('mail', 'w-1:1');
			if (step) await absurd.checkpoint('mail', spawned, 'nap', '2026-01-01T00:00:00Z');
			await database.query(`select absurd.schedule_run('mail', $1, absurd.current_time() + $2 * interval '1 second')`, [
				spawned.runId,
				seconds,
			]);
		}
		const deferred = known((await queueFacts('mail')).deferred);
		expect(deferred.map(({taskName}) => taskName)).toEqual(['unknown']);
		expect(Math.abs((deferred[0]?.since ?? 0) - Date.now())).toBeLessThan(60_000);
		await forget('mail');
	});

	test('events with their waiters, the endless ones and whether they were emitted', async () => {
		for (const [event, timeout] of [
			['paid', undefined],
			['paid', 600],
			['shipped', 600],
		] as const) {
			const spawned = await absurd.spawn('mail', 'order');
			await absurd.claim('mail', 'w-1:1');
			await absurd.awaitEvent('mail', spawned, `$awaitEvent:${event}`, event, timeout);
		}
		const awaited = known((await queueFacts('mail')).awaited);
		expect(
			awaited.map(({name, waiters, untimed, capped, emitted}) => [name, waiters, untimed, capped, emitted]),
		).toEqual([
			['paid', 2, 1, false, false],
			['shipped', 1, 0, false, false],
		]);
		expect([typeof awaited[0]?.oldestUntimed, awaited[1]?.oldestUntimed]).toEqual(['number', undefined]);
		await forget('mail');
	});

	test('cancellation clocks: started by its duration, not started by its delay, far ones not', async () => {
		const running = await absurd.spawn('mail', 'long', {}, {cancellation: {max_duration: 600, max_delay: 5}});
		await absurd.claim('mail', 'w-1:1');
		const waiting = await absurd.spawn('mail', 'late', {}, {cancellation: {max_delay: 60}});
		await absurd.spawn('mail', 'far', {}, {cancellation: {max_delay: 86_400}});
		await absurd.spawn('mail', 'none');
		const clocks = known((await queueFacts('mail')).cancellations);
		expect(clocks.map(({taskId, policy, limit}) => [taskId, policy, limit])).toEqual([
			[waiting.taskId, 'max_delay', 60_000],
			[running.taskId, 'max_duration', 600_000],
		]);
		for (const {strikesAt, limit} of clocks) expect(Math.abs(strikesAt - limit - Date.now())).toBeLessThan(60_000);
		await forget('mail');
	});

	test('the oldest that is over, not what still lives', async () => {
		await absurd.spawn('mail', 'living');
		const [first] = await absurd.claim('mail', 'w-1:1');
		const done = await absurd.spawn('mail', 'done');
		await absurd.claim('mail', 'w-1:1');
		await absurd.complete('mail', done.runId);
		await database.query(`update absurd.r_mail set completed_at = now() - interval '50 days' where run_id = $1`, [
			done.runId,
		]);
		const oldest = known((await queueFacts('mail')).oldestFinished);
		expect(Math.abs((oldest ?? 0) - (Date.now() - 50 * day))).toBeLessThan(60_000);
		expect(first).toBeDefined();
		await database.query(`insert into absurd.e_mail (event_name, payload, emitted_at) values
			('new', '1', now()), ('old', '1', now() - interval '70 days'), ('awaited', null, 'epoch')`);
		const event = known((await queueFacts('mail')).oldestEvent);
		expect(Math.abs((event ?? 0) - (Date.now() - 70 * day))).toBeLessThan(60_000);
		await forget('mail');
	});

	test('steps: medians of the newest five runs and of those before', async () => {
		await database.query(`
			insert into absurd.t_mail (task_id, task_name, params, state, attempts, enqueue_at)
			select ('01890000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'agent', '{}', 'completed', 1, now() from generate_series(1, 25) n`);
		await database.query(`
			insert into absurd.r_mail (run_id, task_id, attempt, state, available_at, started_at, completed_at, created_at)
			select task_id, task_id, 1, 'completed', at, at, at + interval '1 hour', at
			from (select task_id, now() - interval '1 day' + row_number() over (order by task_id) * interval '1 minute' as at from absurd.t_mail) x`);
		// Two steps a run: the first takes a second, the second two, and ten in the newest five runs.
		await database.query(`
			insert into absurd.c_mail (task_id, checkpoint_name, state, owner_run_id, updated_at)
			select r.task_id, s.name, '{}'::jsonb, r.run_id, r.started_at + case s.name when 'plan' then interval '1 second'
				else case when r.task_id::text like '%00002_' and r.task_id::text > '01890000-0000-7000-8000-000000000020' then interval '11 seconds' else interval '3 seconds' end end
			from absurd.r_mail r cross join (values ('plan'), ('rank#2')) s (name)`);
		const steps = known((await queueFacts('mail')).steps);
		expect(steps).toEqual([
			{taskName: 'agent', step: 'rank', recent: 10_000, recentSamples: 5, before: 2000, beforeSamples: 20},
			{taskName: 'agent', step: 'plan', recent: 1000, recentSamples: 5, before: 1000, beforeSamples: 20},
		]);
		await forget('mail');
	});
});

test('indexes: all there; missing, and one that could not be built, are told of', async () => {
	const indexes = async () => known((await queueFacts('plain')).indexes);
	await absurd.createQueue('plain');
	expect(await indexes()).toEqual({byState: true, byTask: true, invalid: []});
	await database.query('drop index absurd.r_plain_sai');
	await database.query('create index broken on absurd.t_plain (state)');
	await database.query(`update pg_index set indisvalid = false where indexrelid = 'absurd.broken'::regclass`);
	expect(await indexes()).toEqual({byState: false, byTask: true, invalid: ['broken']});
	await database.query(`select absurd.drop_queue('plain')`);
});

describe('the server', () => {
	test('who holds a lock and whom it blocks; nobody without', async () => {
		expect(known((await serverFacts()).locks)).toEqual([]);
		const spawned = await absurd.spawn('mail', 'work');
		await absurd.claim('mail', 'w-1:1');
		const blocker = await database.connect();
		await blocker.query(`set application_name = 'forgotten psql'`);
		await blocker.query('begin');
		await blocker.query('select run_id from absurd.r_mail where run_id = $1 for update', [spawned.runId]);
		// A row lock alone keeps nobody waiting yet.
		expect(known((await serverFacts()).locks)).toEqual([]);
		const worker = await database.connect();
		const completed = worker.query(`select absurd.complete_run('mail', $1, '1')`, [spawned.runId]);
		await eventually('the worker waits', async () => known((await serverFacts()).locks).length > 0);
		expect(known((await serverFacts()).locks)).toMatchObject([
			{application: 'forgotten psql', state: 'idle in transaction', blocked: 1, strong: false, tables: ['r_mail']},
		]);
		await blocker.query('rollback');
		await completed;
		expect(known((await serverFacts()).locks)).toEqual([]);
		await forget('mail');
	});

	test('cron: not here, here without rows, and with a job that failed', async () => {
		expect((await serverFacts()).cron).toMatchObject({kind: 'unknown', reason: expect.stringContaining('pg_cron')});
		await database.query(`create schema cron
			create table job (jobid bigint primary key, schedule text, command text, nodename text, nodeport int, database text,
				username text, active boolean, jobname text)
			create table job_run_details (jobid bigint, runid bigint primary key, job_pid int, database text, username text,
				command text, status text, return_message text, start_time timestamptz, end_time timestamptz)`);
		expect(known((await serverFacts()).cron)).toEqual([]);
		await database.query(`insert into cron.job values
			(1, '5 * * * *', 'select * from absurd.cleanup_all_queues()', '', 0, current_database(), 'ann', true, 'absurd_cleanup_all'),
			(2, '5 * * * *', 'select 1', '', 0, current_database(), 'ann', true, 'other')`);
		await database.query(`insert into cron.job_run_details values
			(1, 10, 1, '', '', '', 'succeeded', '1 row', now() - interval '1 hour', now()),
			(1, 11, 1, '', '', '', 'failed', 'ERROR: deadlock', now(), now()), (2, 12, 1, '', '', '', 'failed', 'no', now(), now())`);
		expect(known((await serverFacts()).cron)).toMatchObject([
			{name: 'absurd_cleanup_all', active: true, status: 'failed', message: 'ERROR: deadlock'},
		]);
		await database.query('drop schema cron cascade');
	});

	test('a table that cannot be read is told for that part alone', async () => {
		await database.query('alter table absurd.w_mail rename to w_gone');
		const facts = await queueFacts('mail');
		expect(facts.awaited).toMatchObject({kind: 'unknown', reason: expect.stringContaining('w_mail')});
		expect(facts.deferred.kind).toBe('known');
		await database.query('alter table absurd.w_gone rename to w_mail');
	});
});
