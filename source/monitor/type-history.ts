import type {Instant} from './snapshot.ts';
import {type NamedFinish, TypeTally} from './type-tally.ts';

/** One slot of the history, and how many there are with the one that is filling: 20 to 30 minutes. */
const slotLength = 600_000;
const slots = 3;

/** Names of one slot; the rest is counted as one. */
const slotNames = 60;

/** What was seen to finish, by task name. */
export interface SeenTypes {
	readonly tally: TypeTally;
	/** All that finished after this is in it, whatever had finished before is not. */
	readonly since: Instant;
	readonly until: Instant;
	/** Since when this program has been counting: earlier than `since` where the beginning was forgotten. */
	readonly liveFrom: Instant;
	readonly sampled: boolean;
}

interface Slot {
	readonly from: Instant;
	readonly tally: TypeTally;
	sampled: boolean;
}

/** Counts by task name what the ticks see finish, in a ring of a few slots. */
export class TypeHistory {
	#slots: Slot[] = [];
	#liveFrom: Instant | undefined;
	#until = Number.NEGATIVE_INFINITY;

	/** Begins to count what finishes after an instant. */
	begin(liveFrom: Instant): void {
		this.#slots = [{from: liveFrom, tally: new TypeTally(slotNames), sampled: false}];
		this.#liveFrom = liveFrom;
		this.#until = liveFrom;
	}

	/** Takes in what finished until an instant, and after the one given before. */
	add(finishes: readonly NamedFinish[], until: Instant): void {
		const last = this.#slots.at(-1);
		if (last === undefined) return;
		const slot = until - last.from < slotLength ? last : this.#open();
		for (const finish of finishes) slot.tally.add(finish);
		this.#until = Math.max(this.#until, until);
	}

	/** Notes that more finished than was told by name. */
	noteSampled(): void {
		const last = this.#slots.at(-1);
		if (last) last.sampled = true;
	}

	/** Everything in the ring; undefined before the beginning. */
	seen(): SeenTypes | undefined {
		const [first] = this.#slots;
		if (first === undefined || this.#liveFrom === undefined) return undefined;
		const tally = new TypeTally();
		for (const slot of this.#slots) tally.merge(slot.tally);
		const sampled = this.#slots.some(slot => slot.sampled);
		return {tally, since: first.from, until: this.#until, liveFrom: this.#liveFrom, sampled};
	}

	#open(): Slot {
		const slot: Slot = {from: this.#until, tally: new TypeTally(slotNames), sampled: false};
		this.#slots = [...this.#slots, slot].slice(-slots);
		return slot;
	}
}
