import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import type {Source} from '../../source/monitor/source.ts';
import {spreadBounds, type TypeReport} from '../../source/monitor/type-tally.ts';
import {eventually} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startMonitor, type TestMonitor} from '../support/monitor.ts';
import {createQueue, table} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

const queue = 'two "words"';
let database: TestDatabase;
let source: Source;

/** Finished first and second attempts of three types; `claimed` is how long ago the last of them was claimed. */
async function finish(runs: number, claimed: string, spread: string): Promise<void> {
	const [t, r] = [table('t', queue), table('r', queue)];
	await database.query(`create temporary table staged as select n, gen_random_uuid() as task, gen_random_uuid() as run,
			now() - interval '${claimed}' - interval '${spread}' * (n::float8 / ${runs}) as at,
			interval '1 ms' * (10 + (n * 7919) % 5000) as ran, interval '1 ms' * (5 + (n * 104729) % 900) as waited
		from generate_series(1, ${runs}) n`);
	await database.query(`insert into ${t} (task_id, task_name, params, state, attempts, enqueue_at, first_started_at, last_attempt_run)
		select task, 'type-' || n % 3, '{}', 'completed', 1 + n % 2, at - waited, at, run from staged`);
	await database.query(`insert into ${r} (run_id, task_id, attempt, state, available_at, started_at, completed_at, failed_at, created_at)
		select run, task, 1 + n % 2, case when n % 5 = 0 then 'failed' else 'completed' end, at, at,
			case when n % 5 <> 0 then at + ran end, case when n % 5 = 0 then at + ran end, at from staged`);
	await database.query('drop table staged');
}

/** What the whole tables say. */
async function truth() {
	return await database.query<Record<string, number | string>>(
		`select t.task_name as name, count(*) filter (where r.state = 'completed')::int as completed,
			count(*) filter (where r.state = 'failed')::int as failed,
			percentile_disc(array[0.5, 0.95, 0.99]) within group (order by extract(epoch from r.completed_at - r.started_at) * 1000)
				filter (where r.state = 'completed') as run,
			percentile_disc(array[0.5, 0.95, 0.99]) within group (order by extract(epoch from t.first_started_at - t.enqueue_at) * 1000)
				filter (where r.attempt = 1) as pickup, count(*) filter (where r.attempt = 1)::int as first,
			array_agg(extract(epoch from r.completed_at - r.started_at)::float8 * 1000) filter (where r.state = 'completed') as legs
		from ${table('r', queue)} r join ${table('t', queue)} t using (task_id) group by 1 order by 1`,
	);
}

beforeAll(async () => {
	database = await createDatabase();
	await createQueue(database, queue);
	source = createSource(await sessionOn(database.url), {queues: []});
	await source.catalogue(5000);
	await finish(1500, '10 seconds', '20 minutes');
}, 60_000);
afterAll(async () => {
	await source.close();
	await database.drop();
});

/** Up to each bound there are as many as there were, but for those within 5 % of it. */
function expectSpread(spread: readonly number[], legs: unknown): void {
	const all: unknown[] = Array.isArray(legs) ? legs : [];
	const shorter = (than: number) => all.filter(leg => Number(leg) < than).length;
	let below = 0;
	for (const [index, bound] of spreadBounds.entries()) {
		below += spread[index] ?? 0;
		expect(below).toBeGreaterThanOrEqual(shorter(bound / 1.06));
		expect(below).toBeLessThanOrEqual(shorter(bound * 1.06));
	}
	expect(below + (spread.at(-1) ?? 0)).toBe(all.length);
}

type Truth = Awaited<ReturnType<typeof truth>>;

/** Counts and samples are those of the whole tables, percentiles within 5 %. */
function compare(report: TypeReport, rows: Truth): void {
	const types = [...report.types].sort((a, b) => (a.taskName < b.taskName ? -1 : 1));
	expect(types.map(({taskName, completed, failed}) => [taskName, completed, failed])).toEqual(
		rows.map(({name, completed, failed}) => [name, completed, failed]),
	);
	for (const [index, type] of types.entries()) {
		for (const [of, wanted] of [
			[type.runTime, rows[index]?.['run']],
			[type.pickup, rows[index]?.['pickup']],
		] as const) {
			const exact: unknown[] = Array.isArray(wanted) ? wanted : [];
			for (const [place, value] of [of?.p50, of?.p95, of?.p99].entries()) {
				expect(Math.abs((value ?? 0) / Number(exact[place]) - 1)).toBeLessThan(0.05);
			}
		}
		expectSpread(type.spread, rows[index]?.['legs']);
		expect(type.spread.filter(bar => bar > 0).length).toBeGreaterThan(2);
		expect([type.runTime?.samples, type.pickup?.samples]).toEqual([rows[index]?.['completed'], rows[index]?.['first']]);
	}
}

test('counts and percentiles are those of the whole tables, within 5 %', async () => {
	const report = await source.probe({kind: 'types', queue}, 10_000);
	compare(report, await truth());
	expect(report).toMatchObject({since: undefined, seedFrom: Number.NEGATIVE_INFINITY, sampled: false});
});

describe('what the ticks see finish', () => {
	let monitor: TestMonitor;

	function report(): TypeReport {
		const {types} = monitor.answers;
		if (types?.kind !== 'ready') throw new Error('There is no answer yet.');
		return types.value;
	}

	/** Ticks until everything that was staged has finished, and was counted: where nothing seems to move that takes a while. */
	async function untilAllCounted(): Promise<void> {
		const [row] = await database.query<{last: number}>(
			`select extract(epoch from max(coalesce(completed_at, failed_at)))::float8 * 1000 as last from ${table('r', queue)}`,
		);
		await eventually(
			'all are counted',
			async () => {
				await monitor.tick();
				return (monitor.answers.types?.kind === 'ready' ? report().until : 0) > (row?.last ?? Number.POSITIVE_INFINITY);
			},
			30_000,
		);
	}

	beforeAll(async () => {
		monitor = await startMonitor(database.url, {interval: 1000});
	});
	afterAll(() => monitor.close());

	test('is counted once by name, whether somebody looks or not, and what was before the start beside it', async () => {
		await finish(40, '0 seconds', '500 ms');
		await monitor.tick();
		// Looked at from the middle on: nothing of what the ticks counted before that is lost, nothing counted twice.
		monitor.look({kind: 'types', queue});
		await untilAllCounted();
		compare(report(), await truth());
		await monitor.tick();
		compare(report(), await truth());
		expect(report()).toMatchObject({seedFrom: Number.NEGATIVE_INFINITY, sampled: false});
		expect(report().since).toBeGreaterThan(Date.now() - 60_000);
	}, 60_000);

	test('a flood is sampled, and says so', async () => {
		const before = await truth();
		await finish(3000, '-100 milliseconds', '1 second');
		await untilAllCounted();
		const rows = await truth();
		expect(report().sampled).toBe(true);
		for (const {taskName, completed, failed, runTime} of report().types) {
			const row = rows.find(({name}) => name === taskName);
			const grown = Number(row?.['completed']) - Number(before.find(({name}) => name === taskName)?.['completed']);
			expect(grown).toBeGreaterThan(500);
			expect(Math.abs(completed / Number(row?.['completed']) - 1)).toBeLessThan(0.6);
			expect(Math.abs((completed + failed) / (Number(row?.['completed']) + Number(row?.['failed'])) - 1)).toBeLessThan(
				0.6,
			);
			const exact: unknown = row?.['run'];
			expect(Math.abs((runTime?.p50 ?? 0) / Number(Array.isArray(exact) ? exact[0] : 0) - 1)).toBeLessThan(0.6);
		}
	}, 60_000);
});

test('storage: policy, tables and partitions as the catalogue has them, sizes only on request', async () => {
	await createQueue(database, 'parted', 'partitioned');
	await database.query('select absurd.ensure_partitions($1)', ['parted']);
	const facts = await source.probe({kind: 'storage', queue: 'parted', sizes: false}, 10_000);
	expect(facts.policy).toContainEqual({name: 'storage_mode', value: 'partitioned'});
	expect(facts.jobs).toBeUndefined();
	const [row] = await database.query<{tables: number; bytes: string}>(`select count(*)::int as tables,
			sum(pg_total_relation_size(oid)) filter (where relkind = 'r')::text as bytes from pg_class
		where relnamespace = 'absurd'::regnamespace and relkind in ('r', 'p') and relname ~ '^[trcewi]_parted(_|$)'`);
	expect(facts.tables.length).toBe(row?.tables);
	expect(
		facts.tables
			.filter(({parent}) => parent === undefined)
			.map(({name}) => name)
			.sort(),
	).toEqual(['c', 'e', 'i', 'r', 't', 'w'].map(prefix => `${prefix}_parted`));
	expect(facts.tables.every(({bytes}) => bytes === undefined)).toBe(true);
	const measured = await source.probe({kind: 'storage', queue: 'parted', sizes: true}, 10_000);
	expect(measured.tables.reduce((sum, {bytes = 0}) => sum + bytes, 0)).toBe(Number(row?.bytes));
}, 60_000);
