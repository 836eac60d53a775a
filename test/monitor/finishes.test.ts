import {afterAll, beforeAll, expect, test} from 'vitest';
import type {QueueSnapshot} from '../../source/monitor/snapshot.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startMonitor, type TestMonitor} from '../support/monitor.ts';
import {type Loads, startLoads, steadyLoad, table} from '../support/queue-rows.ts';

// Everything that the tick counts from ranges of the index is compared with a full scan by finish time.

const start = Date.UTC(2026, 5, 1, 12, 0, 0, 250);
const before = 25 * 60_000;
const after = 6.5 * 60_000;
const interval = 4000;

const loads = {
	fast: [{perSecond: 20, mean: 3000, failing: 0.02, seed: 1}],
	slow: [{perSecond: 0.3, mean: 600_000, failing: 0.05, seed: 2}],
	mixed: [
		{perSecond: 30, mean: 3000, failing: 0.01, seed: 3},
		{perSecond: 0.3, mean: 600_000, failing: 0.1, seed: 4},
	],
};
type Name = keyof typeof loads;
const names: readonly Name[] = ['fast', 'slow', 'mixed'];

let database: TestDatabase;
let running: Loads;
let monitor: TestMonitor;

interface Truth {
	readonly completed: number;
	readonly failed: number;
}

/** A full scan by finish time: seconds since the epoch, the end not included. */
async function scan(queue: string, from: number, until: number): Promise<Truth> {
	const [row] = await database.query<{completed: number; failed: number}>(
		`select count(completed_at)::int as completed, count(failed_at)::int as failed from ${table('r', queue)}
		where coalesce(completed_at, failed_at) >= to_timestamp($1) and coalesce(completed_at, failed_at) < to_timestamp($2)`,
		[from, until],
	);
	return row ?? {completed: -1, failed: -1};
}

async function percentiles(queue: string, from: number): Promise<readonly number[]> {
	const [row] = await database.query<{p: number[]}>(
		`select percentile_disc(array[0.5, 0.95]) within group
			(order by extract(epoch from completed_at - started_at)::float8 * 1000) as p
		from ${table('r', queue)} where completed_at >= to_timestamp($1)`,
		[from],
	);
	return row?.p ?? [];
}

async function expectTruth(queue: QueueSnapshot, now: number, what: {percentiles: boolean}): Promise<void> {
	const until = Math.floor(now / 1000);
	const minute = await scan(queue.name, until - 60, until);
	expect(queue.donePerSecond).toBeCloseTo(minute.completed / 60, 9);
	const window = await scan(queue.name, until - 300, until);
	expect(queue.caveats).toEqual({fail5m: false, donePerSecond: false, trend: false});
	expect(queue.fail5m).toEqual({failed: window.failed, finished: window.failed + window.completed});
	const trend: Truth[] = [];
	for (let from = until - 300; from < until; from += 30) trend.push(await scan(queue.name, from, from + 30));
	expect(queue.trend).toEqual(trend.map(bucket => bucket.completed));
	if (!what.percentiles) return;
	const [p50 = 0, p95 = 0] = await percentiles(queue.name, Math.floor((until - 300) / 30) * 30);
	expect(queue.runTime?.seed).toBe(false);
	expect(Math.abs((queue.runTime?.p50 ?? 0) / p50 - 1)).toBeLessThan(0.051);
	expect(Math.abs((queue.runTime?.p95 ?? 0) / p95 - 1)).toBeLessThan(0.051);
}

beforeAll(async () => {
	database = await createDatabase();
	const plan = (name: Name) => loads[name].flatMap(load => steadyLoad(start - before, start + after, load));
	running = await startLoads(database, start, Object.fromEntries(names.map(name => [name, plan(name)])));
	monitor = await startMonitor(database.url, {start, interval});
});
afterAll(async () => {
	await monitor.close();
	await database.drop();
});

test('counts, shares, trends and percentiles equal a full scan by finish time', async () => {
	let compared = 0;
	for (let now = start + interval; now <= start + after; now += interval) {
		await running.moveTo(now);
		await monitor.tick();
		// Before the start only legs that the range reaches are known; from the window's length on everything is.
		if (now - start < 310_000 || (now - start) % 24_000 !== 0) continue;
		// What stirred in one tick is read by the next, and a long runner that vanished is looked up by the one after it.
		for (let more = 0; more < 3; more++) await monitor.tick();
		for (const name of names) await expectTruth(monitor.queue(name), now, {percentiles: true});
		compared++;
	}
	expect(compared).toBeGreaterThanOrEqual(3);
}, 90_000);
