import {FinishHistory, shownSlots, slotAfter, slotSeconds} from './finish-history.ts';
import {Histogram} from './histogram.ts';
import type {Instant, PastSlot} from './snapshot.ts';

/** Runs that finished in one second of database time and whose last legs took about as long. */
export interface FinishGroup {
	/** Nothing that finished in it can still appear; otherwise it is counted anew by the next reading. */
	readonly settled: boolean;
	readonly failed: boolean;
	/** Second since the epoch in which they finished; for what lies before the window the one in which its slot begins. */
	readonly second: number;
	/** Bucket of the histogram; undefined for what lies before the window. */
	readonly bucket: number | undefined;
	readonly runs: number;
}

/** The window of the first screen, seconds. */
export const windowSeconds = 300;

interface SecondCounts {
	completed: number;
	failed: number;
}

/**
 * What finished lately, by the second it finished in: counts for rates and trends, and histograms of the last legs of
 * completed runs, one for each slot that touches the window. Holds a little more than the window, and a ring of slots
 * for the half hour, whatever happens.
 */
export class FinishWindow {
	readonly #seconds = new Map<number, SecondCounts>();
	readonly #slots = new Map<number, Histogram>();
	readonly #history = new FinishHistory();
	#provisional: readonly FinishGroup[] = [];
	#newest = Number.NEGATIVE_INFINITY;

	/** Counts a group for good. */
	add(group: FinishGroup): void {
		this.#history.add(group.second, group.failed, group.runs);
		if (group.bucket === undefined || group.second < this.#oldest) return;
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

	/** Finishes of these seconds were missed. */
	miss(from: number, until: number): void {
		this.#history.miss(from, until);
	}

	/** The last half hour in whole slots; what finished before `knownFrom` (seconds) is a gap. */
	past(now: Instant, knownFrom: number): readonly (PastSlot | undefined)[] {
		const after = slotAfter(now);
		const first = after - shownSlots;
		const slots = Array.from({length: shownSlots}, (_, index) => {
			const slot = first + index;
			return slot * slotSeconds < knownFrom ? undefined : this.#history.slot(slot);
		});
		for (const {second, failed, runs} of this.#provisional) {
			const index = Math.floor(second / slotSeconds) - first;
			const counts = slots[index];
			if (counts === undefined) continue;
			slots[index] = {
				completed: counts.completed + (failed ? 0 : runs),
				failed: counts.failed + (failed ? runs : 0),
			};
		}
		return slots;
	}

	/** How many finished in the seconds from `from` (included) to `until` (not included), both whole. */
	count(from: number, until: number): Readonly<SecondCounts> {
		const sum = {completed: 0, failed: 0};
		const last = Math.min(until - 1, this.#newest);
		for (let second = Math.max(from, this.#oldest); second <= last; second++) {
			const counts = this.#seconds.get(second);
			if (counts === undefined) continue;
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
		for (const {failed, bucket, runs} of this.#provisional) if (!failed && bucket !== undefined) all.add(bucket, runs);
		return all;
	}

	#slot(second: number): Histogram {
		const slot = Math.floor(second / slotSeconds);
		const histogram = this.#slots.get(slot) ?? new Histogram();
		this.#slots.set(slot, histogram);
		return histogram;
	}

	/** The first second that is kept. */
	get #oldest(): number {
		return this.#newest - windowSeconds - slotSeconds;
	}

	#advance(second: number): void {
		this.#newest = second;
		const oldest = this.#oldest;
		for (const known of this.#seconds.keys()) if (known < oldest) this.#seconds.delete(known);
		for (const slot of this.#slots.keys()) if ((slot + 1) * slotSeconds < oldest) this.#slots.delete(slot);
	}
}
