import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {
	FinishHistory,
	isReconstructed,
	shownSlots,
	slotSeconds,
	sumPasts,
} from '../../source/monitor/finish-history.ts';
import type {Past, PastSlot} from '../../source/monitor/snapshot.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startMonitor, type TestMonitor} from '../support/monitor.ts';
import {type Loads, startLoads, steadyLoad, table} from '../support/queue-rows.ts';

// The half hour behind us, slot by slot, against a full scan by finish time: when the program starts, while it runs, and
// after it could not ask.

const minute = 60_000;
const start = Date.UTC(2026, 5, 1, 12, 0, 7, 250);
const interval = 4000;

describe('on real rows', () => {
	const loads = {
		calm: {perSecond: 0.5, mean: 20_000, failing: 0.1, seed: 1},
		busy: {perSecond: 20, mean: 3000, failing: 0.05, seed: 2},
	};
	// While the program is paused so many claims a second finish at once: more than one reading takes.
	const flood = {from: start + 15 * minute, until: start + 20 * minute};
	let database: TestDatabase;
	let running: Loads;
	let monitor: TestMonitor;

	async function tickOn(until: number): Promise<void> {
		for (let now = running.clock.now + interval; now <= until; now += interval) {
			await running.moveTo(now);
			await monitor.tick();
		}
		// What vanished in the last tick is looked up by the next one.
		for (let more = 0; more < 3; more++) await monitor.tick();
	}

	async function scan(queue: string, {until}: Past): Promise<readonly PastSlot[]> {
		const rows = await database.query<{slot: number; completed: number; failed: number}>(
			`select floor(extract(epoch from coalesce(completed_at, failed_at)) / 30)::int as slot,
				count(completed_at)::int as completed, count(failed_at)::int as failed
			from ${table('r', queue)} where coalesce(completed_at, failed_at) is not null group by 1`,
		);
		const first = until / 1000 / slotSeconds - shownSlots;
		return Array.from({length: shownSlots}, (_, index) => {
			const row = rows.find(({slot}) => slot === first + index);
			return {completed: row?.completed ?? 0, failed: row?.failed ?? 0};
		});
	}

	function past(queue: string): Past {
		const found = monitor.queue(queue).past;
		if (!found) throw new Error(`Nothing is known about ${queue}.`);
		return found;
	}

	/** Every slot that is known is the truth, or as near to it as told; answers which are gaps. */
	async function expectTruth(queue: string, {within = 0} = {}): Promise<readonly number[]> {
		const found = past(queue);
		const truth = await scan(queue, found);
		const gaps: number[] = [];
		for (const [index, slot] of found.slots.entries()) {
			const wanted = truth[index] ?? {completed: -1, failed: -1};
			if (slot === undefined) {
				gaps.push(index);
				continue;
			}
			const reconstructed = found.until - (shownSlots - index) * slotSeconds * 1000 < found.liveFrom;
			const far = reconstructed ? within : 0;
			expect(Math.abs(slot.completed - wanted.completed)).toBeLessThanOrEqual(wanted.completed * far);
			expect(Math.abs(slot.failed - wanted.failed)).toBeLessThanOrEqual(Math.ceil(wanted.failed * far));
		}
		return gaps;
	}

	beforeAll(async () => {
		database = await createDatabase();
		const plan = (load: Parameters<typeof steadyLoad>[2]) => steadyLoad(start - 40 * minute, start + 30 * minute, load);
		const flooding = steadyLoad(flood.from, flood.until, {perSecond: 80, mean: 1000, failing: 0, seed: 3});
		// Work that began just now: no slot of it is whole yet.
		const fresh = steadyLoad(start - 6000, start + minute, {perSecond: 2, mean: 500, failing: 0, seed: 4});
		running = await startLoads(database, start, {
			calm: [...plan(loads.calm), ...flooding],
			busy: plan(loads.busy),
			fresh,
		});
		monitor = await startMonitor(database.url, {start, interval});
	}, 120_000);
	afterAll(async () => {
		await monitor.close();
		await database.drop();
	});

	test('the first screen has the half hour before it, as far as few rows tell, and says so', async () => {
		expect(await expectTruth('calm')).toEqual([]);
		expect(isReconstructed(past('calm'))).toBe(true);
		// 2,000 rows are a hundred seconds of the busy one.
		const first = await expectTruth('busy', {within: 0.02});
		expect(first.length).toBeGreaterThan(50);
		expect(first).toEqual(Array.from({length: first.length}, (_, index) => index));
		// What is not exact says so: of the busy one rows were capped, and they are not five minutes.
		expect(monitor.queue('calm').caveats).toEqual({fail5m: false, donePerSecond: false, trend: true});
		expect(monitor.queue('busy').caveats).toEqual({fail5m: true, donePerSecond: true, trend: true});
		const second = Math.floor(start / 1000);
		const [{done = 0} = {}] = await database.query<{done: number}>(
			`select count(*)::int as done from ${table('r', 'busy')}
			where completed_at >= to_timestamp($1) and completed_at < to_timestamp($2)`,
			[second - 60, second],
		);
		expect(Math.abs((monitor.queue('busy').donePerSecond ?? 0) - done / 60)).toBeLessThanOrEqual((done / 60) * 0.02);
		// A trend of what began a moment ago carries its mark though none of its slots is whole.
		const fresh = monitor.queue('fresh');
		expect(fresh.past?.slots.every(slot => slot?.completed === 0)).toBe(true);
		expect(fresh.trend.at(-1)).toBeGreaterThan(0);
		expect(fresh.caveats?.trend).toBe(true);
		// What one queue does not know is a gap of the sum.
		expect(monitor.snapshot.past?.slots.map(slot => slot === undefined)).toEqual(
			past('busy').slots.map(slot => slot === undefined),
		);
	});

	test('a tick later more was read, and what happens from then on is exact', async () => {
		await running.moveTo(start + interval);
		await monitor.tick();
		const gaps = await expectTruth('busy', {within: 0.02});
		expect(gaps.length).toBeLessThan(30);
		await tickOn(start + 4 * minute);
		// The minute of the rate was seen whole; of the five minutes one is from the capped reading.
		expect(monitor.queue('busy').caveats).toEqual({fail5m: true, donePerSecond: false, trend: true});
		expect(await expectTruth('calm')).toEqual([]);
		await expectTruth('busy', {within: 0.02});
	}, 60_000);

	test('what happened while it was paused is told afterwards, and nothing else meanwhile', async () => {
		await tickOn(start + 6 * minute);
		expect(monitor.queue('busy').caveats).toEqual({fail5m: false, donePerSecond: false, trend: false});
		const before = past('calm');
		monitor.pause(true);
		await running.moveTo(start + 10 * minute);
		expect(monitor.queue('calm').past).toEqual(before);
		monitor.pause(false);
		await tickOn(start + 10 * minute + 3 * interval);
		expect(past('calm').until).toBeGreaterThan(before.until);
		expect(await expectTruth('calm')).toEqual([]);
		await expectTruth('busy', {within: 0.02});
	}, 60_000);

	test('what happened while the connection was lost, likewise', async () => {
		await database.query(
			`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
		);
		await monitor.tick();
		for (let ticks = 0; ticks < 50 && monitor.snapshot.connection.kind === 'live'; ticks++) await monitor.tick();
		const before = past('calm');
		await running.moveTo(start + 14 * minute);
		for (let ticks = 0; ticks < 50 && monitor.snapshot.connection.kind !== 'live'; ticks++) await monitor.tick();
		expect(monitor.snapshot.connection.kind).toBe('live');
		await tickOn(start + 14 * minute + 3 * interval);
		expect(past('calm').until).toBeGreaterThan(before.until);
		expect(await expectTruth('calm')).toEqual([]);
	}, 60_000);

	test('more than can be read afterwards is a gap, never a low number', async () => {
		monitor.pause(true);
		await running.moveTo(flood.until + 2 * minute);
		monitor.pause(false);
		await tickOn(flood.until + 2 * minute + 3 * interval);
		const gaps = await expectTruth('calm', {within: 0.02});
		const {until} = past('calm');
		const spans = gaps.map(index => until - (shownSlots - index) * slotSeconds * 1000);
		expect(gaps.length).toBeGreaterThan(0);
		for (const from of spans) {
			expect(from).toBeGreaterThanOrEqual(start + 14 * minute - slotSeconds * 1000);
			expect(from).toBeLessThan(flood.until);
		}
	}, 60_000);
});

describe('the ring', () => {
	test('forgets what is older than it holds, and takes nothing for it', () => {
		const history = new FinishHistory();
		history.add(30, false, 5);
		history.add(30 * 100, true, 2);
		// The place of slot 100 - 62 is still free, that of a slot that was overwritten is not.
		history.add(30 * (100 - 62), false, 9);
		expect(history.slot(100)).toEqual({completed: 0, failed: 2});
		expect(history.slot(1)).toEqual({completed: 5, failed: 0});
		history.add(30 * 63, false, 1);
		expect([history.slot(1), history.slot(63)]).toEqual([
			{completed: 0, failed: 0},
			{completed: 1, failed: 0},
		]);
	});

	test('a slot is a gap when any of its seconds was missed, until its place is taken again', () => {
		const history = new FinishHistory();
		history.miss(59, 91);
		expect([0, 1, 2, 3, 4].map(slot => history.slot(slot) === undefined)).toEqual([false, true, true, true, false]);
		history.add(30 * 63, false, 1);
		expect(history.slot(63)).toEqual({completed: 1, failed: 0});
		// However long nobody asked, no more than the ring is gone over.
		history.miss(0, 30 * 1e9);
		expect(history.slot(1e9 - 1)).toBeUndefined();
	});
});

test('a queue that has not been read since a slot ended makes no dip in the sum', () => {
	const of = (until: number, value: number): Past => ({
		until,
		slots: Array.from({length: shownSlots}, () => ({completed: value, failed: 0})),
		liveFrom: 0,
	});
	const sum = sumPasts([of(1_800_000, 3), of(1_770_000, 4), undefined]);
	expect(sum?.slots.map(slot => slot?.completed)).toEqual([...Array.from({length: 59}, () => 7), 3]);
	expect(sumPasts([undefined])).toBeUndefined();
});
