import type {Instant} from './snapshot.ts';

/** One reading of a queue's claims and finishes. */
interface Reading {
	/** No earlier than the snapshot that the reading saw. */
	readonly at: Instant;
	/** Every run that was executing then and had been claimed before this is followed by its key. */
	readonly followedBefore: Instant;
	/** What finished until then has been counted by this reading or an earlier one. */
	readonly settledUntil: Instant;
}

/** Readings remembered for runs whose end is found late. */
const kept = 100;

/**
 * Decides, from the row alone, who counts a finished run: the range by claim time or the long runners that are followed
 * by key. Both sides ask the same function, so a run is counted by exactly one of them however late either sees it.
 */
export class Cutoffs {
	readonly #readings: Reading[] = [];

	get settledUntil(): Instant | undefined {
		return this.#readings.at(-1)?.settledUntil;
	}

	get followedBefore(): Instant | undefined {
		return this.#readings.at(-1)?.followedBefore;
	}

	/** Adds a reading. A clock that stood still or stepped back must not make anything count again. */
	add(reading: Reading): void {
		const settledUntil = Math.max(reading.settledUntil, this.settledUntil ?? Number.NEGATIVE_INFINITY);
		this.#readings.push({...reading, settledUntil});
		if (this.#readings.length > kept) this.#readings.shift();
	}

	clear(): void {
		this.#readings.length = 0;
	}

	/**
	 * The claim time from which on the range counts runs that finished after `settled`: what was claimed earlier was
	 * being followed at a reading whose snapshot is older than that finish. undefined before the first reading.
	 */
	rangeFrom(settled: Instant): Instant | undefined {
		const before = this.#readings.findLast(reading => reading.at <= settled) ?? this.#readings[0];
		return before?.followedBefore;
	}

	/** Whether a followed run that finished is to be counted here, and not by the range that also saw it. */
	isFollowed(claimedAt: Instant, finishedAt: Instant): boolean {
		const boundary = this.#readings.findLast(reading => reading.settledUntil < finishedAt)?.settledUntil;
		// What finished before the first reading was counted by it.
		if (boundary === undefined) return false;
		const from = this.rangeFrom(boundary);
		return from !== undefined && claimedAt < from;
	}
}
