import {afterAll, beforeAll, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import type {Source} from '../../source/monitor/source.ts';
import {workerRows} from '../../source/monitor/worker-rows.ts';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {createQueue, table} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

// Everything is staged through Absurd's own functions and counted once more by plain statements over whole tables.

const queues = ['mail', 'two "words"'];
let database: TestDatabase;
let absurd: Absurd;
let source: Source;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	for (const queue of queues) {
		await createQueue(database, queue);
		for (let n = 0; n < 12; n++) await absurd.spawn(queue, `type-${n % 3}`, {n}, {max_attempts: 3});
		for (const worker of ['host-a:1', 'host-a:2', 'host-b:1']) {
			const [first, second, third, fourth] = await absurd.claim(queue, worker, 4);
			await absurd.complete(queue, first ?? '');
			await absurd.fail(queue, second ?? '', 'Refused', 'no');
			await database.query('select absurd.schedule_run($1, $2, now() + $3::interval)', [queue, third, '20 minutes']);
			const [run] = await database.query<{task_id: string}>(
				`select task_id from ${table('r', queue)} where run_id = $1`,
				[fourth],
			);
			const waiting = {taskId: run?.task_id ?? '', runId: fourth ?? ''};
			const endless = worker === 'host-a:1';
			await absurd.awaitEvent(queue, waiting, 'step', endless ? 'paid' : `paid:${worker}`, endless ? undefined : 600);
		}
		await database.query(`select absurd.emit_event($1, 'shipped', '{"at": 1}')`, [queue]);
		await absurd.claim(queue, 'host-c:9', 1, 0);
		// A lease that has run out: nobody of these tests polls any more.
		await absurd.claim(queue, 'host-c:9', 1, 30);
		await database.query(`update ${table('r', queue)} set claim_expires_at = now() - interval '1 second'
			where state = 'running' and claim_expires_at is not null`);
	}
	source = createSource(await sessionOn(database.url), {queues: []});
	await source.catalogue(5000);
}, 60_000);
afterAll(async () => {
	await source.close();
	await database.drop();
});

test('workers: what each holds and finished is what the tables say', async () => {
	const {workers} = await source.probe({kind: 'workers', queue: undefined}, 10_000);
	const each = queues.map(
		queue =>
			`select * from ${table('r', queue)} where claimed_by is not null and state in ('running', 'completed', 'failed')`,
	);
	const truth =
		await database.query(`select claimed_by as worker, count(*) filter (where state = 'running')::int as held,
			count(*) filter (where state = 'running' and claim_expires_at <= now())::int as expired,
			count(*) filter (where state = 'running' and claim_expires_at is null)::int as unleased,
			count(*) filter (where state = 'completed')::int as completed, count(*) filter (where state = 'failed')::int as failed,
			count(*) filter (where failure_reason ->> 'name' = '$ClaimTimeout')::int as timeouts
		from (${each.join(' union all ')}) as runs group by 1 order by 1`);
	const rows = workerRows(workers.rows, 'worker');
	const brief = ({worker, held, expired, unleased, completed, failed, timeouts}: Record<string, unknown>) => ({
		worker,
		held,
		expired,
		unleased,
		completed,
		failed,
		timeouts,
	});
	expect(rows.map(row => brief({...row})).sort((a, b) => (String(a.worker) < String(b.worker) ? -1 : 1))).toEqual(
		truth,
	);
	expect(rows.every(({queues: of}) => of.length === 2)).toBe(true);
	const hosts = workerRows(workers.rows, 'host');
	expect(hosts.map(({worker, workers: count}) => `${worker} ${count}`).sort()).toEqual([
		'host-a 2',
		'host-b 1',
		'host-c 1',
	]);
	expect(hosts.reduce((sum, {completed}) => sum + completed, 0)).toBe(6);
});

test('pollers: a session whose last statement claimed is one, ours is none', async () => {
	const before = await source.probe({kind: 'workers', queue: undefined}, 10_000);
	const client = await database.connect();
	await client.query(`select run_id from absurd.claim_task('mail', 'idle', 30, 1) limit 0`);
	const {pollers, hidden} = await source.probe({kind: 'workers', queue: 'mail'}, 10_000);
	expect(pollers.length).toBe(before.pollers.length + 1);
	expect(hidden).toBe(0);
	await client.end();
});

test('events: who is awaited, by how many, since when; what was emitted', async () => {
	const {rows} = await source.probe({kind: 'events', queue: undefined}, 10_000);
	for (const queue of queues) {
		const truth = await database.query<{name: string; waiters: number; oldest: Date; endless: number; run: string}>(
			`select event_name as name, count(*)::int as waiters, min(created_at) as oldest,
				count(*) filter (where timeout_at is null)::int as endless, min(run_id::text) as run
			from ${table('w', queue)} group by 1 order by 1`,
		);
		const awaited = rows.filter(row => row.queue === queue && row.awaited !== undefined);
		expect(
			awaited.map(({name, awaited: is}) => [
				name,
				is?.waiters,
				Math.floor(is?.oldestAt ?? 0),
				is?.withoutTimeout,
				is?.run.runId,
			]),
		).toEqual(truth.map(({name, waiters, oldest, endless, run}) => [name, waiters, oldest.getTime(), endless, run]));
		expect(truth.length).toBeGreaterThan(1);
		const emitted = rows.filter(row => row.queue === queue && row.emitted !== undefined);
		expect(emitted.map(({name}) => name)).toEqual(['shipped']);
	}
});

test('schedule: everything that wakes up by itself, the soonest first, with the reason', async () => {
	const {rows, unread} = await source.probe({kind: 'schedule', queue: 'mail'}, 10_000);
	const truth = await database.query<{run: string; due: Date; why: string}>(`select run_id as run, available_at as due,
			case when wake_event is not null then 'timeout' when exists (select from ${table('r', 'mail')} p
				where p.task_id = r.task_id and p.attempt = r.attempt - 1) and started_at is null then 'retry' else 'timer' end as why
		from ${table('r', 'mail')} r where state = 'sleeping' and available_at <> 'infinity' order by available_at, run_id`);
	expect(unread).toEqual([]);
	expect(truth.length).toBe(5);
	expect(rows.map(({runId, dueAt, kind}) => [runId, Math.floor(dueAt), kind])).toEqual(
		truth.map(({run, due, why}) => [run, due.getTime(), why]),
	);
});

test('a queue that cannot be read keeps the others, and is named', async () => {
	await createQueue(database, 'broken');
	await source.catalogue(5000);
	await database.query(`drop table ${table('w', 'broken')} cascade`);
	const {rows, unread, read} = await source.probe({kind: 'events', queue: undefined}, 10_000);
	expect([unread.map(({queue}) => queue), read]).toEqual([['broken'], 3]);
	expect(rows.length).toBeGreaterThan(4);
});

test('two hundred queues take turns, twenty a question', async () => {
	for (let n = 0; n < 45; n++) await createQueue(database, `many-${n}`);
	await source.catalogue(5000);
	const counts: number[] = [];
	for (let ask = 0; ask < 4; ask++)
		counts.push((await source.probe({kind: 'schedule', queue: undefined}, 10_000)).read);
	expect(counts).toEqual([20 + 1, 41, 48, 48]);
});
