import {execFileSync} from 'node:child_process';
import pg from 'pg';
import {expect} from 'vitest';
import {type LocksSeen, watchLocks} from './lock-watch.ts';
import {type OwnServer, startOwnServer} from './own-server.ts';
import type {Program} from './program.ts';
import {table} from './queue-rows.ts';

/** Part of the full size that is staged: `ABSURD_SCALE`, 1 unless it is set. */
const share = Number(process.env['ABSURD_SCALE'] ?? 1);

/** So many of a full number. */
export function sized(full: number): number {
	return Math.max(1, Math.round(full * share));
}

/** Prints what was measured: these tests are read as well as passed. */
export function tell(line: string): void {
	console.log(`  ${line}`);
}

/** Runs a step, and tells how long it took. */
export async function timed<Result>(what: string, step: () => Promise<Result>): Promise<Result> {
	const started = performance.now();
	const result = await step();
	tell(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
	return result;
}

/** Most locks that a session of ours may hold at once. */
const mostLocks = 200;

/** A server with room for what is staged. */
export interface ScaleServer extends OwnServer {
	readonly client: pg.Client;
	/** Looks at the locks of all sessions but `client`, from another database of the server. */
	watchLocks(): Promise<{end(): Promise<LocksSeen>}>;
	/**
	 * The share of a step's time in which the server worked for the sessions of the database: 0.01 is ten milliseconds a
	 * second. The step itself must ask nothing.
	 */
	busyDuring<Result>(step: () => Promise<Result>): Promise<{readonly result: Result; readonly busy: number}>;
	end(): Promise<void>;
}

/** Starts the server; the lock table has its default size. */
export async function startScaleServer(): Promise<ScaleServer> {
	const own = await startOwnServer(['synchronous_commit=off', 'shared_buffers=512MB', 'max_wal_size=8GB']);
	const clients: pg.Client[] = [];
	const connectTo = async (url: string) => {
		const client = new pg.Client({connectionString: url});
		client.on('error', () => {});
		await client.connect();
		clients.push(client);
		return client;
	};
	const elsewhere = own.server.url('template1');
	const beside = await connectTo(elsewhere);
	const activity = async () => {
		const {rows} = await beside.query<{active: number}>(
			`select active_time::float8 as active from pg_stat_database where datname = 'postgres'`,
		);
		return {active: rows[0]?.active ?? Number.NaN, at: performance.now()};
	};
	const client = await connectTo(own.url);
	// A session tells of its last second only later: what the test asked just before is not to count as the program's.
	const tellNow = 'select pg_stat_force_next_flush()';
	return {
		...own,
		client,
		watchLocks: () => watchLocks({client, connect: () => connectTo(elsewhere)}, 'postgres'),
		async busyDuring(step) {
			await client.query(tellNow);
			const before = await activity();
			const result = await step();
			const after = await activity();
			return {result, busy: (after.active - before.active) / (after.at - before.at)};
		},
		async end() {
			await Promise.allSettled(clients.map(each => each.end()));
			await own.server.remove();
		},
	};
}

/** Live figures of a queue in the order of their columns. */
export interface LiveRow {
	readonly ready: number;
	readonly running: number;
	readonly retry: number;
	readonly sleep: number;
	readonly wait: number;
}

/** The live figures of a queue, counted by looking at each of its runs. */
export async function countLive(database: Pick<OwnServer, 'query'>, queue: string): Promise<LiveRow> {
	const [row] = await database.query<LiveRow>(
		`select
			(count(*) filter (where state in ('pending', 'sleeping') and available_at <= now()))::int as ready,
			(count(*) filter (where state = 'running'))::int as running,
			(count(*) filter (where asleep and wake_event is null and started_at is null))::int as retry,
			(count(*) filter (where asleep and wake_event is null and started_at is not null))::int as sleep,
			(count(*) filter (where asleep and wake_event is not null))::int as wait
		from (select *, state = 'sleeping' and available_at > now() as asleep from ${table('r', queue)}) as run`,
	);
	if (row === undefined) throw new Error('A count answered no row.');
	return row;
}

const age = String.raw`[<~≥]?\d+[smhd]\S*`;

/** The live figures that a queue's row shows; undefined while it is not on the screen, or not read. */
export function shownLive(screen: string, queue: string): LiveRow | undefined {
	const pattern = new RegExp(
		String.raw`${queue} +(?:${age} +)?(\d+) +(?:–|${age}) +(\d+)(?:!\d+)? +(\d+) +(\d+) +(\d+) `,
	);
	const figures = pattern.exec(screen)?.slice(1).map(Number);
	if (figures === undefined) return undefined;
	const [ready = 0, running = 0, retry = 0, sleep = 0, wait = 0] = figures;
	return {ready, running, retry, sleep, wait};
}

/** The row under the cursor. */
function cursorRow(screen: string): string | undefined {
	return screen.split('\n').find(line => line.startsWith('▸'));
}

/** Presses a key that moves the cursor so many times; answers how long it took until the screen showed it, in milliseconds. */
export async function moveCursor(program: Program, key: string, times: number): Promise<readonly number[]> {
	const taken: number[] = [];
	for (let index = 0; index < times; index++) {
		const name = (screen: string) => cursorRow(screen)?.slice(2, 24);
		const before = name(await program.waitFor(screen => name(screen) !== undefined, 30_000));
		const pressed = performance.now();
		program.write(key);
		await program.waitFor(screen => name(screen) !== undefined && name(screen) !== before, 30_000);
		taken.push(performance.now() - pressed);
		// A person's pause, at odds with the ticks.
		await new Promise(resolve => setTimeout(resolve, 130));
	}
	return taken;
}

/** What the program itself says of so many of its ticks: from sending to the last answer, in milliseconds. */
async function tickTimes(program: Program, count: number): Promise<readonly number[]> {
	await program.press('D');
	const last = (screen: string) => /the last took ([\d.]+) ?(ms|s)\b|the last took (<1)ms/.exec(screen);
	const taken: number[] = [];
	let seen = '';
	while (taken.length < count) {
		const screen = await program.waitFor(shown => (last(shown)?.[0] ?? seen) !== seen, 60_000);
		const found = last(screen);
		seen = found?.[0] ?? seen;
		taken.push(Number(found?.[1] ?? 1) * (found?.[2] === 's' ? 1000 : 1));
	}
	await program.press('escape');
	return taken.sort((a, b) => a - b);
}

/** The middle of sorted values. */
function median(sorted: readonly number[]): number {
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Memory that a program holds, in megabytes. */
function memoryOf(program: Program): number {
	return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(program.pid)], {encoding: 'utf8'})) / 1024;
}

/** What watching may cost: a tick and the share of the server's time, memory of a program in megabytes. */
interface Limits {
	readonly tick: number;
	readonly busy: number;
	readonly memory: number;
}

/** Asserts, and tells, what it cost the server and the machine that programs watched; ends the look at the locks. */
export async function expectCheap(
	server: ScaleServer,
	programs: readonly Program[],
	locksOf: {end(): Promise<LocksSeen>},
	limits: Limits,
): Promise<void> {
	const [first] = programs;
	if (first === undefined) throw new Error('No program.');
	const {result: ticks, busy} = await server.busyDuring(() => tickTimes(first, 8));
	tell(`a tick: ${median(ticks).toFixed(0)} ms, worst of ${ticks.length}: ${ticks.at(-1)} ms`);
	tell(`the server worked for them ${(busy * 100).toFixed(1)} % of the time`);
	const {most, sessions, looks} = await locksOf.end();
	tell(`locks of a session: at most ${most} (${looks} looks at ${sessions} sessions)`);
	const memory = programs.map(memoryOf);
	tell(`memory: ${memory.map(each => each.toFixed(0)).join(' and ')} MB`);
	expect(sessions).toBeGreaterThanOrEqual(programs.length);
	expect(looks).toBeGreaterThan(100);
	expect(most).toBeGreaterThan(0);
	expect(most).toBeLessThanOrEqual(mostLocks);
	expect(median(ticks)).toBeLessThan(limits.tick);
	expect(busy).toBeLessThan(limits.busy);
	for (const each of memory) expect(each).toBeLessThan(limits.memory);
}

/** Asserts, and tells, how long keys took, in milliseconds. The limits hold on a machine with several times the work it has room for. */
export function expectQuick(taken: readonly number[]): void {
	const sorted = [...taken].sort((a, b) => a - b);
	const worst = sorted.at(-1) ?? Number.NaN;
	tell(`a key until the screen shows it: ${median(sorted).toFixed(0)} ms, worst ${worst.toFixed(0)} ms`);
	expect(median(sorted)).toBeLessThan(500);
	expect(worst).toBeLessThan(5000);
}
