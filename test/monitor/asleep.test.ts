import {afterEach, beforeEach, expect, test} from 'vitest';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startMonitor, type TestMonitor} from '../support/monitor.ts';
import {type Loads, startLoads, steadyLoad, table} from '../support/queue-rows.ts';

// The laptop was closed for an hour while workers went on: afterwards no figure tells of a burst that never was.

const start = Date.UTC(2026, 5, 1, 12, 0, 0, 250);
const hour = 3_600_000;
const interval = 4000;
/** More runs finish in the hour of `busy` than one reading may hold. */
const perSecond = {calm: 2, busy: 7};
type Name = keyof typeof perSecond;
const names: readonly Name[] = ['calm', 'busy'];

let database: TestDatabase;
let loads: Loads;
let monitor: TestMonitor;

beforeEach(async () => {
	database = await createDatabase();
	const plan = (name: Name) =>
		steadyLoad(start - 600_000, start + hour + 900_000, {
			perSecond: perSecond[name],
			mean: 2000,
			failing: 0.05,
			seed: 7,
		});
	loads = await startLoads(database, start, {calm: plan('calm'), busy: plan('busy')});
	monitor = await startMonitor(database.url, {start, interval});
}, 60_000);
afterEach(async () => {
	await monitor.close();
	await database.drop();
});

/** Finished runs of the last seconds by a full scan. */
async function scan(name: Name, now: number, seconds: number): Promise<{completed: number; failed: number}> {
	const until = Math.floor(now / 1000);
	const [row] = await database.query<{completed: number; failed: number}>(
		`select count(completed_at)::int as completed, count(failed_at)::int as failed from ${table('r', name)}
		where coalesce(completed_at, failed_at) >= to_timestamp($1) and coalesce(completed_at, failed_at) < to_timestamp($2)`,
		[until - seconds, until],
	);
	return row ?? {completed: -1, failed: -1};
}

/** What one queue shows, beside the truth. What the last seconds brought may be read with the next tick only. */
async function expectNear(name: Name, now: number): Promise<void> {
	const {donePerSecond, fail5m} = monitor.queue(name);
	const minute = await scan(name, now, 60);
	const window = await scan(name, now, 300);
	const all = window.completed + window.failed;
	expect(Math.abs((donePerSecond ?? Number.NaN) - minute.completed / 60)).toBeLessThan(perSecond[name] / 4);
	expect(Math.abs((fail5m?.finished ?? Number.NaN) - all)).toBeLessThan(all / 10);
}

test.each([
	['stopped, with a clock that went on', hour],
	['suspended, with a clock that stood still', interval],
])(
	'%s: one tick, and every rate is the true one',
	async (_how, passed) => {
		for (let now = start + interval; now <= start + 20_000; now += interval) {
			await loads.moveTo(now);
			await monitor.tick();
		}
		const awake = start + 20_000 + hour;
		await loads.moveTo(awake);
		const {serial} = monitor.snapshot;
		while (monitor.clock.waiting() === 0) await new Promise(resolve => setImmediate(resolve));
		const woken = new Promise<void>(resolve => {
			const end = monitor.subscribe(() => {
				end();
				resolve();
			});
		});
		monitor.clock.pass(passed);
		await woken;
		// That tick alone, and at most what the rules asked beside it.
		expect(monitor.snapshot.serial - serial).toBeLessThanOrEqual(2);
		// What stirred meanwhile is known from the next tick on.
		for (let more = 0; more < 2; more++) await monitor.tick();

		for (let now = awake; now <= awake + 40_000; now += interval) {
			await loads.moveTo(now);
			await monitor.tick();
			for (const name of names) await expectNear(name, now);
		}
		for (let more = 0; more < 4; more++) await monitor.tick();
		for (const name of names) {
			const minute = await scan(name, loads.clock.now, 60);
			expect(monitor.queue(name).donePerSecond).toBeCloseTo(minute.completed / 60, 9);
		}
	},
	120_000,
);
