import {bucketOf, Histogram} from './histogram.ts';
import type {Duration, Instant} from './snapshot.ts';

/** A run that finished, of a known task type. */
export interface FinishedRun {
	readonly taskName: string;
	readonly failed: boolean;
	/** The last leg. */
	readonly ran: Duration;
	/** From enqueueing to the first claim; only of first attempts. */
	readonly pickedUp: Duration | undefined;
}

/** Percentiles with how many they rest on. */
export interface Percentiles {
	readonly p50: Duration;
	readonly p95: Duration;
	readonly p99: Duration;
	readonly samples: number;
}

/** One task type of a queue. */
export interface TypeRow {
	readonly taskName: string;
	readonly completed: number;
	readonly failed: number;
	/** Last legs of completed runs. */
	readonly runTime: Percentiles | undefined;
	/** How the last legs of completed runs are spread: so many below each of `spreadBounds`, and so many above all. */
	readonly spread: readonly number[];
	/** Waits of tasks whose first attempt finished. */
	readonly pickup: Percentiles | undefined;
}

/** What is known of a queue's task types. */
export interface TypeReport {
	readonly types: readonly TypeRow[];
	/** Every finish of a run claimed since then was counted. */
	readonly knownFrom: Instant;
	readonly until: Instant;
	/** Finishes may have been missed: more runs than one question reads. */
	readonly capped: boolean;
}

/** Names beyond these are counted as one: memory does not grow with what tasks are called. */
const mostNames = 500;
const others = '(others)';

/** Where one bar of the spread of run times ends and the next begins: two to a power of ten, 10 ms to 1,000 s. */
export const spreadBounds: readonly Duration[] = Array.from({length: 11}, (_, index) => 10 ** (1 + index / 2));

interface Counts {
	completed: number;
	failed: number;
	readonly ran: Histogram;
	readonly waited: Histogram;
	readonly spread: number[];
}

/** Counts finished runs by task name, in memory of a fixed size. Every run must be given once. */
export class TypeTally {
	readonly #types = new Map<string, Counts>();

	add({taskName, failed, ran, pickedUp}: FinishedRun): void {
		const name = this.#types.has(taskName) || this.#types.size < mostNames ? taskName : others;
		const counts = this.#types.get(name) ?? noCounts();
		this.#types.set(name, counts);
		counts[failed ? 'failed' : 'completed']++;
		if (!failed) {
			counts.ran.add(bucketOf(ran), 1);
			const bar = spreadBounds.filter(bound => bound <= ran).length;
			counts.spread[bar] = (counts.spread[bar] ?? 0) + 1;
		}
		if (pickedUp !== undefined) counts.waited.add(bucketOf(pickedUp), 1);
	}

	report(knownFrom: Instant, until: Instant, capped: boolean): TypeReport {
		const types = [...this.#types].map(([taskName, counts]): TypeRow => {
			const {completed, failed} = counts;
			const spread = [...counts.spread];
			return {
				taskName,
				completed,
				failed,
				spread,
				runTime: percentiles(counts.ran),
				pickup: percentiles(counts.waited),
			};
		});
		return {types, knownFrom, until, capped};
	}
}

function noCounts(): Counts {
	const spread = Array.from({length: spreadBounds.length + 1}, () => 0);
	return {completed: 0, failed: 0, ran: new Histogram(), waited: new Histogram(), spread};
}

function percentiles(histogram: Histogram): Percentiles | undefined {
	const [p50, p95, p99] = [0.5, 0.95, 0.99].map(share => histogram.percentile(share));
	const {samples} = histogram;
	return p50 === undefined || p95 === undefined || p99 === undefined ? undefined : {p50, p95, p99, samples};
}
