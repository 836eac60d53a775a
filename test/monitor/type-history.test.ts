import {expect, test} from 'vitest';
import {TypeHistory} from '../../source/monitor/type-history.ts';
import {TypeTally} from '../../source/monitor/type-tally.ts';

const minute = 60_000;
const finish = (taskName: string, runs = 1) => ({taskName, failed: false, bucket: 50, waited: 20, runs});

test('what lies further back than the ring is forgotten, and it says since when it counts', () => {
	const history = new TypeHistory();
	expect(history.seen()).toBeUndefined();
	history.add([finish('lost')], 0);
	history.begin(0);
	for (let at = 1; at <= 45; at++) history.add([finish('a'), finish(at <= 10 ? 'early' : 'late')], at * minute);
	const seen = history.seen();
	expect([seen?.liveFrom, seen?.until]).toEqual([0, 45 * minute]);
	const since = seen?.since ?? 0;
	expect(since).toBeGreaterThanOrEqual(14 * minute);
	expect(since).toBeLessThanOrEqual(25 * minute);
	// One a minute of each, so the counts say what is in it.
	const kept = (45 * minute - since) / minute;
	expect(seen?.tally.rows().map(({taskName, completed}) => [taskName, completed])).toEqual([
		['a', kept],
		['late', kept],
	]);
});

test('a flood of names is counted as others', () => {
	const history = new TypeHistory();
	history.begin(0);
	history.add(
		Array.from({length: 200}, (_, index) => finish(`name-${index}`, 2)),
		minute,
	);
	const rows = history.seen()?.tally.rows() ?? [];
	expect(rows.length).toBe(61);
	expect(rows.find(({taskName}) => taskName === '(others)')?.completed).toBe(280);
	expect(rows.reduce((sum, {completed}) => sum + completed, 0)).toBe(400);
});

test('one that was sampled stays marked as long as it is in the ring', () => {
	const history = new TypeHistory();
	history.begin(0);
	history.add([finish('a', 20)], minute);
	history.noteSampled();
	expect(history.seen()?.sampled).toBe(true);
	for (let at = 2; at <= 60; at++) history.add([finish('a')], at * minute);
	expect(history.seen()?.sampled).toBe(false);
});

test('tallies add up', () => {
	const [left, right] = [new TypeTally(), new TypeTally()];
	left.add(finish('a', 3));
	right.add({...finish('a', 2), failed: true, waited: undefined});
	right.add(finish('b'));
	left.merge(right);
	expect(left.rows()).toMatchObject([
		{taskName: 'a', completed: 3, failed: 2, runTime: {samples: 3}, pickup: {samples: 3}},
		{taskName: 'b', completed: 1, failed: 0},
	]);
});
