import {Histogram} from './histogram.ts';
import type {Instant} from './snapshot.ts';

/** Runs that finished in one second of database time and whose last legs took about as long. */
export interface FinishGroup {
	/** Nothing that finished in it can still appear; otherwise it is counted anew by the next reading. */
	readonly settled: boolean;
	readonly failed: boolean;
	/** Second since the epoch in which they finished. */
	readonly second: number;
	/** Bucket of the histogram. */
	readonly bucket: number;
	readonly runs: number;
}

/** The window of the first screen, seconds. */
export const windowSeconds = 300;

/** Seconds that one histogram covers; the window's percentiles add up those that touch it. */
const slotSeconds = 30;

interface SecondCounts {
	completed: number;
	failed: number;
}

/**
 * What finished lately, by the second it finished in: counts for rates and trends, and histograms of the last legs of
 * completed runs. Holds a little more than the window, whatever happens.
 */
export class FinishWindow {
	readonly #seconds = new Map<number, SecondCounts>();
	readonly #slots = new Map<number, Histogram>();
	#provisional: readonly FinishGroup[] = [];
	#newest = Number.NEGATIVE_INFINITY;

	/** Counts a group for good. */
	add(group: FinishGroup): void {
		if (group.second < this.#newest - windowSeconds - slotSeconds) return;
		const counts = this.#seconds.get(group.second) ?? {completed: 0, failed: 0};
		counts[group.failed ? 'failed' : 'completed'] += group.runs;
		this.#seconds.set(group.second, counts);
		if (!group.failed) this.#slot(group.second).add(group.bucket, group.runs);
		if (group.second > this.#newest) this.#advance(group.second);
	}

	/** Replaces what the last reading saw but may still grow. */
	setProvisional(groups: readonly FinishGroup[]): void {
		this.#provisional = groups;
	}

	/** How many finished in the seconds from `from` (included) to `until` (not included). */
	count(from: number, until: number): Readonly<SecondCounts> {
		const sum = {completed: 0, failed: 0};
		for (const [second, counts] of this.#seconds) {
			if (second < from || second >= until) continue;
			sum.completed += counts.completed;
			sum.failed += counts.failed;
		}
		for (const group of this.#provisional) {
			if (group.second >= from && group.second < until) sum[group.failed ? 'failed' : 'completed'] += group.runs;
		}
		return sum;
	}

	/** The last legs of what completed in the window that ends now; its start is rounded down to half a minute. */
	legs(now: Instant): Histogram {
		const first = Math.floor((now / 1000 - windowSeconds) / slotSeconds);
		const all = new Histogram();
		for (const [slot, histogram] of this.#slots) if (slot >= first) all.merge(histogram);
		for (const group of this.#provisional) if (!group.failed) all.add(group.bucket, group.runs);
		return all;
	}

	#slot(second: number): Histogram {
		const slot = Math.floor(second / slotSeconds);
		const histogram = this.#slots.get(slot) ?? new Histogram();
		this.#slots.set(slot, histogram);
		return histogram;
	}

	#advance(second: number): void {
		this.#newest = second;
		const oldest = second - windowSeconds - slotSeconds;
		for (const known of this.#seconds.keys()) if (known < oldest) this.#seconds.delete(known);
		for (const slot of this.#slots.keys()) if ((slot + 1) * slotSeconds < oldest) this.#slots.delete(slot);
	}
}
