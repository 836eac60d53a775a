import {describe, expect, test} from 'vitest';
import {Backoff, reconnectDelay} from '../../source/monitor/backoff.ts';
import {bucketOf, Histogram} from '../../source/monitor/histogram.ts';
import {type Candidate, type Heat, hotSet} from '../../source/monitor/hot-set.ts';
import {Pace} from '../../source/monitor/pace.ts';
import {ReadyRate} from '../../source/monitor/ready-rate.ts';
import {retryDelay} from '../../source/monitor/retry-delay.ts';
import {Scheduler} from '../../source/monitor/scheduler.ts';
import {Standing} from '../../source/monitor/trouble-order.ts';
import {createTestClock} from '../support/clock.ts';
import {random} from '../support/queue-rows.ts';

describe('the scheduler', () => {
	const turn = () => new Promise(resolve => setImmediate(resolve));

	test('calls once after a long sleep of the machine, and never two at once', async () => {
		const clock = createTestClock();
		let calls = 0;
		let finish: (() => void) | undefined;
		const scheduler = new Scheduler(clock, () => {
			calls++;
			return new Promise(resolve => {
				finish = () => resolve(2000);
			});
		});
		scheduler.wake();
		scheduler.wake();
		expect(calls).toBe(1);
		finish?.();
		await turn();
		// The second wake was not forgotten.
		expect(calls).toBe(2);
		finish?.();
		await turn();
		clock.pass(8 * 3_600_000);
		expect(calls).toBe(3);
		finish?.();
		await turn();
		expect([calls, clock.waiting()]).toEqual([3, 1]);
		await scheduler.stop();
		expect(clock.waiting()).toBe(0);
	});
});

describe('backing off', () => {
	const waits = (sqlstate: string, failures: number) => {
		const backoff = new Backoff();
		return Array.from({length: failures}, () => {
			backoff.fail({sentence: 'no', sqlstate}, 0, 2000);
			return (backoff.retryAt + 1000) / 2000;
		});
	};

	test('2, 4, … 32 ticks for what may pass', () => {
		expect(waits('57014', 7)).toEqual([2, 4, 8, 16, 32, 32, 32]);
	});

	test('half a minute for what a person must change', () => {
		expect([...waits('42501', 2), ...waits('42P01', 2)]).toEqual([15, 15, 15, 15]);
	});

	test('connecting again takes 1 to 30 s, by chance', () => {
		const at = (attempt: number, chance: number) => reconnectDelay(attempt, {random: () => chance});
		expect([at(1, 0), at(1, 1), at(3, 0), at(20, 0), at(20, 1)]).toEqual([1000, 2000, 4000, 15_000, 30_000]);
	});
});

describe('the hot set', () => {
	const queue = (name: string, heat: Heat, readAt: number | undefined, cost = 1): Candidate => ({
		name,
		heat,
		readAt,
		cost,
	});
	const many = (count: number, heat: Heat, cost = 1) =>
		Array.from({length: count}, (_, index) => queue(`${heat}-${String(index).padStart(3, '0')}`, heat, index, cost));
	const kinds = (chosen: readonly string[]) => chosen.map(name => name.split('-')[0]);

	test('takes hot queues first and keeps a fifth for the cold ones, the longest unread first', () => {
		const chosen = hotSet([...many(20, 'cold'), ...many(20, 'hot')], 10, 0);
		expect(chosen).toEqual([...many(8, 'hot'), ...many(2, 'cold')].map(({name}) => name));
	});

	test('queues on screen come before those in which something happens elsewhere, and leave them their part', () => {
		const all = [...many(20, 'cold'), ...many(20, 'hot'), ...many(20, 'shown')];
		expect(kinds(hotSet(all, 10, 0))).toEqual([...Array(6).fill('shown'), 'hot', 'hot', 'cold', 'cold']);
		expect(kinds(hotSet([...many(1, 'shown'), ...many(20, 'hot')], 10, 0))).toEqual(['shown', ...Array(9).fill('hot')]);
	});

	test('always takes one, however dear', () => {
		expect(hotSet([queue('dear', 'cold', 1, 500), queue('dearer', 'cold', 2, 900)], 15, 0)).toEqual(['dear']);
	});

	test.each([
		['cheap', 0.6, 20],
		['of which a tick can afford only one', 12, 120],
		['dearer than a whole tick', 40, 120],
	])('queues that are %s: each has its turn, whatever the others do', (_how, cost, ticks) => {
		const read = new Map<string, number>();
		for (let tick = 0; tick < ticks; tick++) {
			const all = [...many(8, 'shown', cost), ...many(10, 'hot', cost), ...many(10, 'cold', cost)];
			const candidates = all.map(each => ({...each, readAt: read.get(each.name)}));
			for (const name of hotSet(candidates, 15, tick)) read.set(name, tick + 1);
		}
		expect(read.size).toBe(28);
	});

	test('reaches all of 500 cold queues within a minute of ticks', () => {
		const read = new Map<string, number>();
		for (let tick = 0; tick < 30; tick++) {
			const candidates = many(500, 'cold', 0.6).map(each => ({...each, readAt: read.get(each.name)}));
			for (const name of hotSet(candidates, 15, tick)) read.set(name, tick + 1);
		}
		expect(read.size).toBe(500);
	});
});

describe('the pace', () => {
	test('stays within the milliseconds a second that it may use', () => {
		const pace = new Pace(1000, 5);
		for (let tick = 0; tick < 40; tick++) pace.absorb(20, false);
		expect(pace.effective).toBeCloseTo(4000, -1);
	});

	test('slows down while deadlines are missed, and recovers', () => {
		const pace = new Pace(1000, undefined);
		pace.absorb(900, true);
		pace.absorb(900, true);
		expect(pace.effective).toBe(4000);
		for (let tick = 0; tick < 3; tick++) pace.absorb(5, false);
		expect(pace.effective).toBe(1000);
	});
});

test('a queue changes its class only when two ticks agree', () => {
	const standing = new Standing();
	const seen = (['ok', 'critical', 'ok', 'critical', 'critical', 'warning', 'warning'] as const).map((severity, tick) =>
		standing.observe(severity, tick),
	);
	expect(seen).toEqual(['ok', 'ok', 'ok', 'ok', 'critical', 'critical', 'warning']);
	// Two Snapshots of one tick are no two ticks.
	const same = [9, 9, 10].map(at => standing.observe('ok', at));
	expect(same).toEqual(['warning', 'warning', 'ok']);
});

test('percentiles stay within 5 %, also after adding up', () => {
	const next = random(7);
	const values = Array.from({length: 20_000}, (_, index) =>
		index % 2 ? -Math.log(1 - next()) * 900 : next() * 5_000_000,
	);
	const parts = [new Histogram(), new Histogram(), new Histogram()];
	for (const [index, value] of values.entries()) parts[index % 3]?.add(bucketOf(value), 1);
	const all = new Histogram();
	for (const part of parts) all.merge(part);
	const sorted = values.sort((a, b) => a - b);
	for (const share of [0.25, 0.5, 0.75, 0.95, 0.99]) {
		const truth = Math.max(1, sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
		expect(Math.abs((all.percentile(share) ?? 0) / truth - 1)).toBeLessThan(0.0501);
	}
	expect(new Histogram().percentile(0.5)).toBeUndefined();
});

test('how long until the ready runs are gone', () => {
	const rate = (readings: ReadonlyArray<readonly [second: number, ready: number]>, written = 50) => {
		const drains = new ReadyRate();
		for (const [second, ready] of readings) drains.add(second * 1000, ready, written);
		return drains.drains();
	};
	expect(
		rate([
			[0, 600],
			[20, 400],
		]),
	).toEqual({kind: 'in', duration: 40_000});
	expect(
		rate([
			[0, 400],
			[20, 400],
		]),
	).toEqual({kind: 'never', growth: 0});
	expect(
		rate([
			[0, 400],
			[20, 500],
		]),
	).toEqual({kind: 'never', growth: 5});
	expect(
		rate(
			[
				[0, 9],
				[20, 8],
			],
			3,
		),
	).toEqual({kind: 'unknown'});
	expect(
		rate([
			[0, 400],
			[4, 200],
		]),
	).toEqual({kind: 'unknown'});
	expect(
		rate([
			[0, 400],
			[20, 0],
		]),
	).toEqual({kind: 'unknown'});
});

test('the delay of a retry follows its strategy', () => {
	const delays = (strategy: string | undefined) => [1, 2, 3].map(attempt => retryDelay(strategy, attempt) / 1000);
	expect(delays(undefined)).toEqual([0, 0, 0]);
	expect(delays('{"kind": "none"}')).toEqual([0, 0, 0]);
	expect(delays('{"kind": "fixed"}')).toEqual([60, 60, 60]);
	expect(delays('{"kind": "exponential"}')).toEqual([30, 60, 120]);
	expect(delays('{"kind": "exponential", "base_seconds": 50000}')).toEqual([50_000, 86_400, 86_400]);
	expect(delays('{"kind": "exponential", "base_seconds": 1, "factor": 10, "max_seconds": 5}')).toEqual([1, 5, 5]);
	expect(delays('{"kind": "fi')).toEqual([0, 0, 0]);
});
