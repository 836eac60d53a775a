import type {TestDatabase} from './database.ts';

// Rows are written into the tables directly, so that these tests hold on any Absurd schema and need no waiting: times
// are whatever the test says.

/** Makes a queue. */
export async function createQueue(
	database: Pick<TestDatabase, 'query'>,
	name: string,
	mode?: 'partitioned',
): Promise<void> {
	if (mode) await database.query('select absurd.create_queue($1, $2)', [name, mode]);
	else await database.query('select absurd.create_queue($1)', [name]);
}

/** A quoted table of a queue, for the text of a statement. */
export function table(prefix: string, queue: string): string {
	return `absurd."${`${prefix}_${queue}`.replaceAll('"', '""')}"`;
}

/** Database time of one test database, under the test's control. */
export interface DatabaseClock {
	readonly now: number;
	set(now: number): Promise<void>;
}

/** Makes Absurd's clock answer what the test says, to everybody in this database. */
export async function takeClock(database: TestDatabase, start: number): Promise<DatabaseClock> {
	let now = start;
	await database.query('create table public.test_clock (now timestamptz not null)');
	await database.query('insert into public.test_clock values (to_timestamp($1::float8 / 1000))', [start]);
	await database.query(`create or replace function absurd.current_time() returns timestamptz language sql volatile
		as 'select now from public.test_clock'`);
	return {
		get now() {
			return now;
		},
		async set(instant) {
			now = instant;
			await database.query('update public.test_clock set now = to_timestamp($1::float8 / 1000)', [instant]);
		},
	};
}

/** How a run of a planned load goes: instants in milliseconds. */
export interface PlannedRun {
	readonly claimedAt: number;
	readonly finishedAt: number;
	readonly failed: boolean;
}

/** A load that happens as the database's clock is moved on. */
export interface Load {
	/** Writes everything that happens until an instant. */
	advance(until: number): Promise<void>;
}

/**
 * Writes runs of a plan into a queue as time goes by: running from their claim on, then completed or failed. Each is
 * the first attempt of a task of its own; a failed one is the last.
 */
export async function planLoad(database: TestDatabase, queue: string, runs: readonly PlannedRun[]): Promise<Load> {
	const plan = `public.${`"plan ${queue}"`}`;
	await database.query(`create table ${plan} (run_id uuid primary key default gen_random_uuid(),
		task_id uuid not null default gen_random_uuid(), claimed_at timestamptz, finished_at timestamptz, failed boolean)`);
	await database.query(
		`insert into ${plan} (claimed_at, finished_at, failed)
		select to_timestamp(c / 1000), to_timestamp(f / 1000), x
		from unnest($1::float8[], $2::float8[], $3::boolean[]) as planned(c, f, x)`,
		[runs.map(run => run.claimedAt), runs.map(run => run.finishedAt), runs.map(run => run.failed)],
	);
	await database.query(`create index on ${plan} (claimed_at)`);
	await database.query(`create index on ${plan} (finished_at)`);
	let done = Number.NEGATIVE_INFINITY;
	return {
		async advance(until) {
			const from = done === Number.NEGATIVE_INFINITY ? '-infinity' : new Date(done).toISOString();
			const between = [from, new Date(until).toISOString()];
			await database.query(
				`insert into ${table('t', queue)} (task_id, task_name, params, state, attempts, max_attempts, enqueue_at,
					first_started_at, last_attempt_run)
				select task_id, 'work', '{}', 'running', 1, 1, claimed_at, claimed_at, run_id
				from ${plan} where claimed_at > $1 and claimed_at <= $2`,
				between,
			);
			await database.query(
				`insert into ${table('r', queue)} (run_id, task_id, attempt, state, claimed_by, claim_expires_at, available_at,
					started_at, created_at)
				select run_id, task_id, 1, 'running', 'w:1', claimed_at + interval '1 hour', claimed_at, claimed_at, claimed_at
				from ${plan} where claimed_at > $1 and claimed_at <= $2`,
				between,
			);
			await database.query(
				`update ${table('r', queue)} r
				set state = case when p.failed then 'failed' else 'completed' end,
					completed_at = case when not p.failed then p.finished_at end,
					failed_at = case when p.failed then p.finished_at end,
					failure_reason = case when p.failed then '{"name": "Boom", "message": "no"}'::jsonb end
				from ${plan} p where p.run_id = r.run_id and p.finished_at > $1 and p.finished_at <= $2`,
				between,
			);
			await database.query(
				`update ${table('t', queue)} t set state = case when p.failed then 'failed' else 'completed' end
				from ${plan} p where p.task_id = t.task_id and p.finished_at > $1 and p.finished_at <= $2`,
				between,
			);
			done = until;
		},
	};
}

/** A pseudo-random number in [0, 1) from a seed: loads are the same in every run. */
export function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
		return state / 4_294_967_296;
	};
}

/** A steady load: `perSecond` claims spread at random, run times exponential around a mean, a share of failures. */
export function steadyLoad(
	from: number,
	until: number,
	load: {readonly perSecond: number; readonly mean: number; readonly failing: number; readonly seed: number},
): PlannedRun[] {
	const next = random(load.seed);
	const runs: PlannedRun[] = [];
	let at = from;
	for (;;) {
		at += (-Math.log(1 - next()) * 1000) / load.perSecond;
		if (at > until) return runs;
		const claimedAt = Math.round(at);
		const legs = Math.max(1, Math.round(-Math.log(1 - next()) * load.mean));
		runs.push({claimedAt, finishedAt: claimedAt + legs, failed: next() < load.failing});
	}
}

/** Loads of several queues that go by one clock. */
export interface Loads {
	readonly clock: DatabaseClock;
	/** Writes everything that happens until an instant, and moves the database's clock there. */
	moveTo(instant: number): Promise<void>;
}

/** Makes a queue for each plan, and what happened in it until `start`. */
export async function startLoads(
	database: TestDatabase,
	start: number,
	plans: Readonly<Record<string, readonly PlannedRun[]>>,
): Promise<Loads> {
	const loads: Load[] = [];
	for (const [name, runs] of Object.entries(plans)) {
		await createQueue(database, name);
		loads.push(await planLoad(database, name, runs));
	}
	const clock = await takeClock(database, start);
	const moveTo = async (instant: number): Promise<void> => {
		for (const load of loads) await load.advance(instant);
		await clock.set(instant);
	};
	await moveTo(start);
	return {clock, moveTo};
}
