import {Histogram} from './histogram.ts';
import type {Duration, Instant} from './snapshot.ts';

/** Runs of one task type that finished, with last legs and waits for the first claim of about the same length. */
export interface NamedFinish {
	readonly taskName: string;
	readonly failed: boolean;
	/** Bucket of the last leg. */
	readonly bucket: number;
	/** Bucket of the time from enqueueing to the first claim; only of first attempts. */
	readonly waited: number | undefined;
	readonly runs: number;
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
	/** How the last legs of completed runs are spread: so many below each of `spreadBounds` (within 5 %), and above all. */
	readonly spread: readonly number[];
	/** Waits of tasks whose first attempt finished. */
	readonly pickup: Percentiles | undefined;
}

/** What is known of a queue's task types. */
export interface TypeReport {
	readonly types: readonly TypeRow[];
	/** All that finished since then was counted; undefined = nothing was seen to finish yet. */
	readonly since: Instant | undefined;
	/**
	 * Of the time before, the newest runs by claim were counted: all that were claimed since then (−Infinity: all there
	 * are). undefined = what was seen is enough.
	 */
	readonly seedFrom: Instant | undefined;
	readonly until: Instant;
	/** More finished than could be told by name: the counts stand for more than they saw. */
	readonly sampled: boolean;
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
}

/** Counts finished runs by task name, in memory of a fixed size. Every run must be given once. */
export class TypeTally {
	readonly #types = new Map<string, Counts>();
	readonly #mostNames: number;

	constructor(names = mostNames) {
		this.#mostNames = names;
	}

	add({taskName, failed, bucket, waited, runs}: NamedFinish): void {
		const counts = this.#counts(taskName);
		counts[failed ? 'failed' : 'completed'] += runs;
		if (!failed) counts.ran.add(bucket, runs);
		if (waited !== undefined) counts.waited.add(waited, runs);
	}

	/** Adds another tally to this one. */
	merge(other: TypeTally): void {
		for (const [taskName, {completed, failed, ran, waited}] of other.#types) {
			const counts = this.#counts(taskName);
			counts.completed += completed;
			counts.failed += failed;
			counts.ran.merge(ran);
			counts.waited.merge(waited);
		}
	}

	rows(): readonly TypeRow[] {
		return [...this.#types].map(([taskName, {completed, failed, ran, waited}]): TypeRow => {
			const [runTime, pickup] = [percentiles(ran), percentiles(waited)];
			return {taskName, completed, failed, spread: spreadOf(ran), runTime, pickup};
		});
	}

	#counts(taskName: string): Counts {
		const name = this.#types.has(taskName) || this.#types.size < this.#mostNames ? taskName : others;
		const counts = this.#types.get(name) ?? {completed: 0, failed: 0, ran: new Histogram(), waited: new Histogram()};
		this.#types.set(name, counts);
		return counts;
	}
}

function spreadOf(ran: Histogram): readonly number[] {
	const below = [0, ...spreadBounds.map(bound => ran.below(bound)), ran.samples];
	return below.slice(1).map((count, index) => count - (below[index] ?? 0));
}

function percentiles(histogram: Histogram): Percentiles | undefined {
	const [p50, p95, p99] = [0.5, 0.95, 0.99].map(share => histogram.percentile(share));
	const {samples} = histogram;
	return p50 === undefined || p95 === undefined || p99 === undefined ? undefined : {p50, p95, p99, samples};
}
