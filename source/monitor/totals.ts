import {sumPasts} from './finish-history.ts';
import {trendBuckets} from './queue-snapshot.ts';
import type {QueueSnapshot, Snapshot} from './snapshot.ts';

/** What all queues come to together. */
export type Totals = Pick<Snapshot, 'claimCount' | 'donePerSecond' | 'trend' | 'past'>;

/** Adds up what is known of the queues; what nobody knows of any of them is undefined. */
export function totalsOf(queues: readonly QueueSnapshot[]): Totals {
	const trend: (number | undefined)[] = Array.from({length: trendBuckets});
	let donePerSecond: number | undefined;
	let running: number | undefined;
	let exact = true;
	for (const queue of queues) {
		donePerSecond = added(donePerSecond, queue.donePerSecond);
		running = added(running, queue.running?.value);
		exact &&= queue.running?.exactness === 'exact';
		for (let bucket = 0; bucket < trendBuckets; bucket++) trend[bucket] = added(trend[bucket], queue.trend[bucket]);
	}
	return {
		claimCount: running === undefined ? undefined : {value: running, exactness: exact ? 'exact' : 'atLeast'},
		donePerSecond,
		trend,
		past: sumPasts(queues.map(queue => queue.past)),
	};
}

function added(sum: number | undefined, value: number | undefined): number | undefined {
	return value === undefined ? sum : (sum ?? 0) + value;
}
