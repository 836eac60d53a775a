import {readFileSync} from 'node:fs';
import pg from 'pg';
import {createSource} from '../../source/database/source.ts';
import type {Session} from '../../source/database/statement.ts';
import {createMonitor} from '../../source/monitor/create-monitor.ts';
import type {Source, TickAnswer} from '../../source/monitor/source.ts';
import {createTestClock} from '../../test/support/clock.ts';
import {table} from '../../test/support/queue-rows.ts';
import {probe, rowsOf, sessionOn} from '../../test/support/session.ts';
import type {BenchDatabase} from './workbench.ts';

const warmUp = 16;
const measured = 60;

/** Server time of ticks, milliseconds. */
export interface Spread {
	readonly first: number;
	readonly median: number;
	/** Processor time of the backend a tick: what it costs on a machine that does nothing else. */
	readonly cpu: number;
	readonly worst: number;
	/** Queues read in the median tick. */
	readonly queues: number;
}

export interface TickCost {
	/** Every queue in every tick. */
	readonly whole: Spread;
	/** As the program does it: cut to the budget of 15 ms. */
	readonly cut: Spread;
	/** Most locks on relations that the backend was seen to hold. */
	readonly locks: number;
	/** Memory of the backend after these ticks, megabytes. */
	readonly memory: number;
}

export interface DashboardCost {
	readonly milliseconds: number | undefined;
	readonly locks: number | undefined;
	/** Set when the server refused. */
	readonly error: string | undefined;
}

export interface Measurement {
	readonly label: string;
	/** Finished tasks of the large queue, where that is what is measured. */
	readonly finished: number | undefined;
	readonly ticks: TickCost;
	readonly dashboard: DashboardCost;
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Processor time that a process has used, milliseconds; NaN where the system does not tell. */
function cpuOf(pid: number): number {
	try {
		return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000_000;
	} catch {
		// Only Linux tells; the wall clock has to do elsewhere.
		return Number.NaN;
	}
}

/** A little work in a queue between two ticks, so that there is something to read. */
async function work(database: BenchDatabase, queue: string): Promise<void> {
	await database.client.query(`select absurd.complete_run($1, run_id) from absurd.claim_task($1, 'bench:1', 60, 5)`, [
		queue,
	]);
	// A worker's counters are seen within a second; here ticks follow each other faster.
	await database.client.query('select pg_stat_force_next_flush()');
	await database.client.query('select 1');
}

async function spread(database: BenchDatabase, session: Session, busy: string, tickBudget: number): Promise<Spread> {
	// A tick over everything may take longer than its share of the interval; here it is not cut short.
	const patience = tickBudget === Number.POSITIVE_INFINITY ? 60_000 : 0;
	const pid = await ask(session, 'select pg_backend_pid() as n');
	const answers: TickAnswer[] = [];
	const connect = async (): Promise<Source> => {
		const source = createSource(session, {queues: []});
		return {
			...source,
			async tick(asks, deadline, refresh) {
				const answer = await source.tick(asks, Math.max(patience, deadline), refresh);
				answers.push(answer);
				return answer;
			},
			close: async () => {},
		};
	};
	const clock = createTestClock(Date.now());
	const monitor = createMonitor(connect, {interval: 2000, maxDbMs: undefined, tickBudget}, clock);
	await monitor.ready;
	monitor.show({queues: database.queues.slice(0, 40), claims: []});
	const ticks = warmUp + Math.max(8, Math.round((measured * 8) / Math.max(8, database.queues.length)));
	let cpuBefore = Number.NaN;
	for (let tick = 1; tick < ticks; tick++) {
		if (tick === warmUp) cpuBefore = cpuOf(pid);
		await work(database, busy);
		while (clock.waiting() === 0) await new Promise(resolve => setImmediate(resolve));
		const published = new Promise<void>(resolve => {
			const end = monitor.subscribe(() => {
				end();
				resolve();
			});
		});
		clock.pass(monitor.snapshot.effectiveInterval);
		await published;
	}
	const cpu = (cpuOf(pid) - cpuBefore) / (ticks - warmUp);
	await monitor.close();
	const times = answers.map(answer => answer.serverTime ?? Number.NaN);
	const queues = answers.map(answer => new Set(answer.answers.map(({ask}) => ask.queue)).size);
	const steady = times.slice(warmUp);
	return {
		first: times[0] ?? Number.NaN,
		median: median(steady),
		cpu,
		worst: Math.max(...steady),
		queues: median(queues.slice(warmUp)),
	};
}

/** Counts the locks of a backend as often as it can until told to stop; answers the most seen. */
function watchLocks(url: string, pid: number): () => Promise<number> {
	let most = 0;
	let going = true;
	const watching = (async () => {
		const client = new pg.Client({connectionString: url});
		await client.connect();
		while (going) {
			const {rows} = await client.query<{n: number}>(
				`select count(*)::int as n from pg_locks where pid = $1 and locktype = 'relation'`,
				[pid],
			);
			most = Math.max(most, rows[0]?.n ?? 0);
		}
		await client.end();
	})();
	return async () => {
		going = false;
		await watching;
		return most;
	};
}

async function ask(session: Session, text: string): Promise<number> {
	const {outcomes} = await session.read([probe(text)], 10_000);
	return Number(rowsOf(outcomes[0])[0]?.['n']);
}

/** Runs the real poller over all queues of a database. */
export async function measureTicks(database: BenchDatabase, busy: string): Promise<TickCost> {
	const cutSession = await sessionOn(database.url, {readOnly: true});
	const cut = await spread(database, cutSession, busy, 15);
	await cutSession.close();
	const session = await sessionOn(database.url, {readOnly: true});
	const stop = watchLocks(database.url, await ask(session, 'select pg_backend_pid() as n'));
	const watched = await spread(database, session, busy, Number.POSITIVE_INFINITY);
	const locks = await stop();
	const memory =
		(await ask(session, 'select sum(total_bytes)::float8 as n from pg_backend_memory_contexts')) / 1_048_576;
	await session.close();
	// Again without somebody who looks at the locks all the time.
	const quiet = await sessionOn(database.url, {readOnly: true});
	const whole = await spread(database, quiet, busy, Number.POSITIVE_INFINITY);
	await quiet.close();
	return {whole: {...whole, first: watched.first}, cut, locks, memory};
}

const states = ['pending', 'running', 'sleeping', 'completed', 'failed', 'cancelled'];

/** Runs what a counting dashboard runs: all states of all tasks of all queues, in one statement. */
export async function measureDashboard(database: BenchDatabase): Promise<DashboardCost> {
	const client = new pg.Client({connectionString: database.url});
	await client.connect();
	const counts = states.map(state => `count(*) filter (where state = '${state}') as ${state}`).join(', ');
	const text = database.queues.map(queue => `select ${counts} from ${table('t', queue)}`).join(' union all ');
	try {
		const times: number[] = [];
		let locks = 0;
		for (let round = 0; round < 5; round++) {
			await client.query('begin');
			const started = performance.now();
			await client.query(text);
			times.push(performance.now() - started);
			const {rows} = await client.query<{n: number}>(
				`select count(*)::int as n from pg_locks where pid = pg_backend_pid() and locktype = 'relation'`,
			);
			locks = rows[0]?.n ?? 0;
			await client.query('commit');
		}
		return {milliseconds: median(times), locks, error: undefined};
	} catch (error) {
		return {milliseconds: undefined, locks: undefined, error: error instanceof Error ? error.message : String(error)};
	} finally {
		await client.end();
	}
}
