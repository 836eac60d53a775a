import {afterAll, beforeAll, expect, test} from 'vitest';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startMonitor, type TestMonitor} from '../support/monitor.ts';
import {type Loads, type PlannedRun, startLoads, table} from '../support/queue-rows.ts';

// Run times of a queue in which little has finished yet: a few that are right before many that are old, and the other
// way round only while there are fewer of them.

const start = Date.UTC(2026, 5, 1, 12, 0, 0, 250);
const interval = 2000;
const hour = 3_600_000;

/** Runs of so many milliseconds each, one every tenth of a second. */
const runs = (from: number, legs: readonly number[]): PlannedRun[] =>
	legs.map((leg, index) => ({claimedAt: from + index * 100, finishedAt: from + index * 100 + leg, failed: false}));
const few = runs(start + 500, [1000, 2000, 3000, 4000, 9000]);
const many = runs(
	start + 20_500,
	Array.from({length: 25}, () => 6000),
);
const before = (count: number) =>
	runs(
		start - hour,
		Array.from({length: count}, () => 500),
	);

let database: TestDatabase;
let loads: Loads;
let monitor: TestMonitor;

async function tickOn(until: number): Promise<void> {
	for (let now = loads.clock.now + interval; now <= until; now += interval) {
		await loads.moveTo(now);
		await monitor.tick();
	}
	for (let more = 0; more < 3; more++) await monitor.tick();
}

/** Percentiles of all that completed since the start, by a full scan. */
async function truth(queue: string): Promise<readonly number[]> {
	const [row] = await database.query<{p: number[]}>(
		`select percentile_disc(array[0.5, 0.95]) within group
			(order by extract(epoch from completed_at - started_at)::float8 * 1000) as p
		from ${table('r', queue)} where completed_at > to_timestamp($1)`,
		[start / 1000],
	);
	return row?.p ?? [];
}

async function expectTruth(queue: string, samples: number): Promise<void> {
	const [p50 = 0, p95 = 0] = await truth(queue);
	const {runTime} = monitor.queue(queue);
	expect(runTime).toMatchObject({samples, seed: false});
	expect(Math.abs((runTime?.p50 ?? 0) / p50 - 1)).toBeLessThan(0.051);
	expect(Math.abs((runTime?.p95 ?? 0) / p95 - 1)).toBeLessThan(0.051);
}

beforeAll(async () => {
	database = await createDatabase();
	loads = await startLoads(database, start, {
		fresh: [...few, ...many],
		quiet: [...before(3), ...few, ...many],
		old: [...before(100), ...few, ...many],
	});
	monitor = await startMonitor(database.url, {start, interval});
});
afterAll(async () => {
	await monitor.close();
	await database.drop();
});

test('nothing is told where nothing has completed, and what came before where something has', () => {
	expect(monitor.queue('fresh').runTime).toBeUndefined();
	expect(monitor.queue('quiet').runTime).toMatchObject({samples: 3, seed: true});
	expect(monitor.queue('old').runTime).toMatchObject({samples: 100, seed: true});
});

test('the first few are told as soon as they are more than what came before', async () => {
	await tickOn(start + 16_000);
	await expectTruth('fresh', few.length);
	await expectTruth('quiet', few.length);
	expect(monitor.queue('old').runTime).toMatchObject({samples: 100, seed: true});
});

test('from twenty on they stand for themselves', async () => {
	await tickOn(start + 34_000);
	for (const queue of ['fresh', 'quiet', 'old']) await expectTruth(queue, few.length + many.length);
});
