/**
 * What history costs the engine: claims on an empty queue, and whole task lives a second, on a queue without history
 * and on one with five million finished tasks, side by side. Of an idle claim also the part that is the server's own,
 * and the round trip of statements that do nothing, taken in turns with it. `npm run bench:engine -- 500000` takes
 * another size. Runs on a server of its own, or on the one that `TEST_DATABASE_URL` names (a database is made there and
 * dropped).
 */
import {readFileSync} from 'node:fs';
import pg from 'pg';
import {startServer, type TestServer} from '../test/support/server.ts';

const DATABASE = `absurd_bench_${process.pid}`;
const CHUNK = 250_000;
const ROUNDS = 9;
const POLLS = 200;
const LIVES = 200;
const QUEUES = ['empty', 'history'] as const;
type Queue = (typeof QUEUES)[number];

/** Milliseconds of one action, taken many times on each queue. */
type Sample = Record<Queue, number[]>;

function add(to: Sample, more: Sample): void {
	for (const queue of QUEUES) to[queue].push(...more[queue]);
}

/** Value below which that share of the sample lies. */
function quantile(sample: readonly number[], share: number): number {
	const sorted = sample.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A UUIDv7 of the task number n at $3 plus n ms, from the digest m; `variant` keeps tasks, runs and first runs apart. */
function id(variant: '8' | '9' | 'a'): string {
	return `(lpad(to_hex($4::bigint + n), 12, '0') || '7' || substr(m, 1, 3) || '${variant}' || substr(m, 4, 15))::uuid`;
}

/** Finished tasks $1 to $2: nine of ten completed, every twentieth at the second attempt, some failed or cancelled. */
const TASKS = `
	insert into absurd.t_history (task_id, task_name, params, headers, retry_strategy, max_attempts, cancellation, enqueue_at,
		first_started_at, state, attempts, last_attempt_run, completed_payload, cancelled_at, idempotency_key)
	select ${id('8')}, (array['send-invoice', 'run-agent', 'sync-account', 'render-report'])[1 + n % 4],
		('{"customer": ' || n % 10007 || ', "prompt": "' || m || m || m || m || '", "options": {"dry": true}}')::jsonb,
		('{"trace_id": "' || m || '"}')::jsonb, '{"kind": "exponential", "base_seconds": 5}', 5,
		case when n % 3 = 0 then '{"max_duration": 86400}'::jsonb end,
		at, at + interval '1 s', case n % 20 when 7 then 'failed' when 13 then 'cancelled' else 'completed' end,
		1 + (n % 20 = 3)::int, ${id('9')}, case when n % 20 not in (7, 13) then '{"ok": true, "ms": 1250}'::jsonb end,
		case when n % 20 = 13 then at end, case when n % 10 = 0 then 'key ' || n end
	from generate_series($1::bigint, $2::bigint) n, lateral (select md5(n::text) as m, $3::timestamptz + n * interval '1 ms' as at offset 0) x`;

const RUNS = `
	insert into absurd.r_history (run_id, task_id, attempt, state, claimed_by, claim_expires_at, available_at, started_at,
		completed_at, failed_at, result, failure_reason, created_at)
	select case when attempt = last then ${id('9')} else ${id('a')} end, ${id('8')}, attempt, state,
		'worker-' || n % 20 || ':1', at + interval '121 s', at + interval '1 s', at + interval '1 s',
		case when state = 'completed' then at + interval '3 s' end, case when state = 'failed' then at + interval '3 s' end,
		case when state = 'completed' then '{"ok": true, "ms": 1250}'::jsonb end,
		case when state = 'failed' then jsonb_build_object('name', 'TimeoutError', 'message', 'LLM call timed out', 'stack', repeat('at f ', 40)) end,
		at
	from generate_series($1::bigint, $2::bigint) n,
		lateral (select md5(n::text) as m, 1 + (n % 20 = 3)::int as last, $3::timestamptz + n * interval '1 ms' as at offset 0) x,
		lateral generate_series(1, last) attempt,
		lateral (select case when attempt < last or n % 20 = 7 then 'failed' when n % 20 = 13 then 'cancelled' else 'completed' end as state) run
	where $4::bigint > 0`;

async function fill(client: pg.Client, size: number): Promise<void> {
	const since = Date.now() - size - 60 * 86_400_000;
	for (let from = 1; from <= size; from += CHUNK) {
		const to = Math.min(size, from + CHUNK - 1);
		const values = [from, to, new Date(since).toISOString(), since];
		await client.query(TASKS, values);
		await client.query(RUNS, values);
		process.stderr.write(`\r${to.toLocaleString('en')} tasks`);
	}
	process.stderr.write('\r');
	await client.query('vacuum (analyze) absurd.t_history, absurd.r_history');
	await client.query('checkpoint');
}

/** Milliseconds that something takes. */
async function time(action: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await action();
	return performance.now() - start;
}

async function poll(client: pg.Client, queue: string): Promise<void> {
	const {rowCount} = await client.query("select * from absurd.claim_task($1, 'bench', 120, 1)", [queue]);
	if (rowCount !== 0) throw new Error(`Queue ${queue} is not empty.`);
}

async function live(client: pg.Client, queue: string): Promise<void> {
	await client.query(
		`select * from absurd.spawn_task($1, 'run-agent', '{"prompt":"hello"}', '{"max_attempts":5,"cancellation":{"max_duration":3600}}')`,
		[queue],
	);
	const {rows} = await client.query<{run_id: string}>("select run_id from absurd.claim_task($1, 'bench', 120, 1)", [
		queue,
	]);
	await client.query(`select absurd.complete_run($1, $2, '{"ok":true}')`, [queue, rows[0]?.run_id]);
}

/** The server's own time of so many polls: none of it is the way there and back, or the reading of their answers. */
async function pollInside(client: pg.Client, queue: string): Promise<void> {
	await client.query(
		`do $$ begin for turn in 1..${POLLS} loop perform absurd.claim_task('${queue}', 'bench', 120, 1); end loop; end $$`,
	);
}

/** Milliseconds of so many actions on each queue, taken in turns: what else the machine does hits both alike. */
async function compare(times: number, action: (queue: string) => Promise<void>): Promise<Sample> {
	const samples: Sample = {empty: [], history: []};
	for (let turn = 0; turn < times; turn += 1) {
		for (const queue of turn % 2 === 0 ? QUEUES : QUEUES.toReversed())
			samples[queue].push(await time(() => action(queue)));
	}
	return samples;
}

async function measure(client: pg.Client, size: number): Promise<void> {
	const trip: Sample = {empty: [], history: []};
	const tripWithParameter: Sample = {empty: [], history: []};
	const polls: Sample = {empty: [], history: []};
	const inside: Sample = {empty: [], history: []};
	await compare(POLLS, queue => poll(client, queue));
	for (let round = 0; round < ROUNDS; round += 1) {
		add(trip, await compare(POLLS, async () => void (await client.query('select 1'))));
		add(tripWithParameter, await compare(POLLS, async queue => void (await client.query('select $1', [queue]))));
		add(polls, await compare(POLLS, queue => poll(client, queue)));
		add(inside, await compare(2, queue => pollInside(client, queue)));
	}
	await compare(LIVES, queue => live(client, queue));
	const rates: Sample = {empty: [], history: []};
	for (let round = 0; round < ROUNDS; round += 1) {
		const times = await compare(LIVES, queue => live(client, queue));
		for (const queue of QUEUES) rates[queue].push((LIVES * 1000) / times[queue].reduce((sum, each) => sum + each, 0));
	}

	const line = (...cells: readonly string[]) =>
		console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(30) : cell.padStart(16))).join(''));
	const row = (title: string, of: (queue: Queue) => string) => line(title, ...QUEUES.map(of));
	line('finished tasks', '0', size.toLocaleString('en'));
	row('idle claim, median ms', queue => quantile(polls[queue], 0.5).toFixed(3));
	row('idle claim, p95 ms', queue => quantile(polls[queue], 0.95).toFixed(3));
	row("  the server's own part, ms", queue => (quantile(inside[queue], 0.5) / POLLS).toFixed(3));
	row('  round trip: select 1, ms', queue => quantile(trip[queue], 0.5).toFixed(3));
	row('  round trip: select $1, ms', queue => quantile(tripWithParameter[queue], 0.5).toFixed(3));
	row('task lives a second, median', queue => quantile(rates[queue], 0.5).toFixed(0));
	const ratios = rates.history.map((rate, round) => rate / (rates.empty[round] ?? Number.NaN));
	line('  with history, of without', '', `${(quantile(ratios, 0.5) * 100).toFixed(1)} %`);
}

const size = Number(process.argv[2] ?? 5_000_000);
if (!Number.isSafeInteger(size) || size < 1) {
	console.error(`Not a number of tasks: ${process.argv[2]}`);
	process.exit(2);
}
const given = process.env['TEST_DATABASE_URL'];
const server: TestServer | undefined =
	given === undefined
		? await startServer({settings: ['shared_buffers=512MB', 'max_wal_size=8GB', 'maintenance_work_mem=256MB']})
		: undefined;
const serverUrl = given ?? server?.url() ?? '';
const admin = new pg.Client({connectionString: serverUrl});
await admin.connect();
try {
	await admin.query(`create database ${DATABASE}`);
	const url = new URL(serverUrl);
	url.pathname = `/${DATABASE}`;
	const client = new pg.Client({connectionString: url.href});
	await client.connect();
	await client.query(readFileSync(new URL('../sql/absurd.sql', import.meta.url), 'utf8'));
	for (const queue of QUEUES) await client.query('select absurd.create_queue($1)', [queue]);
	const filled = await time(() => fill(client, size));
	const {rows} = await client.query<{size: string}>(
		'select pg_size_pretty(pg_database_size(current_database())) as size',
	);
	console.log(`filled in ${(filled / 1000).toFixed(0)} s, ${rows[0]?.size}`);
	await measure(client, size);
	await client.end();
} finally {
	await admin.query(`drop database if exists ${DATABASE} with (force)`);
	await admin.end();
	await server?.remove();
}
