import {expect, test} from 'vitest';
import {createBulkFeed} from '../../source/database/bulk-feed.ts';
import type {BulkTask} from '../../source/monitor/bulk.ts';

const tasks = Array.from(
	{length: 5000},
	(_, index): BulkTask => ({queue: 'mail', taskId: `id-${index}`, name: 'send', state: 'failed', attempts: 1}),
);

/** Takes whatever there is for so many seconds, with a timer that is late; answers when each was taken, milliseconds. */
function taken(rate: number, seconds: number, room: (at: number) => number, late = 0): readonly number[] {
	let now = 0;
	const feed = createBulkFeed(tasks, {rate: () => rate, stopped: () => false}, () => now);
	const times: number[] = [];
	while (now < seconds * 1000) {
		const wait = feed.wait();
		if (wait === undefined) break;
		if (wait > 0) now += Math.ceil(wait) + late;
		else {
			const some = feed.take(room(now));
			times.push(...some.map(() => now));
			if (some.length === 0) now += 10;
		}
	}
	return times;
}

/** The most that were taken within any one second. */
const mostInOneSecond = (times: readonly number[]) =>
	Math.max(...times.map(from => times.filter(at => at >= from && at < from + 1000).length));

test.each([1, 5, 20, 50, 200, 1000])(
	'%i a second: never more in a second than that and one turn, and not much less',
	rate => {
		for (const late of [0, 7]) {
			const times = taken(rate, 4, () => 50, late);
			expect(mostInOneSecond(times)).toBeLessThanOrEqual(rate + Math.max(1, rate / 20) + rate * 0.02);
			expect(times.length).toBeGreaterThanOrEqual(Math.floor(rate * 4 * 0.9));
		}
	},
);

test('what could not be taken for a while is not made up for by a burst', () => {
	const times = taken(200, 4, at => (at < 2000 ? 0 : 50));
	expect(times.filter(at => at < 2100).length).toBeLessThanOrEqual(10 + 4 + 20);
	expect(mostInOneSecond(times)).toBeLessThanOrEqual(214);
});

test('gives nothing once it is stopped, and says what is left', () => {
	let stopped = false;
	const feed = createBulkFeed(tasks, {rate: () => 100, stopped: () => stopped}, () => 0);
	expect(feed.take(3)).toEqual(tasks.slice(0, 3));
	stopped = true;
	expect(feed.take(3)).toEqual([]);
	expect(feed.wait()).toBeUndefined();
	expect(feed.rest()).toEqual(tasks.slice(3));
});
