import type {Instant, Past, PastSlot} from './snapshot.ts';

/** Seconds of one slot; slots begin at multiples of it since the epoch. */
export const slotSeconds = 30;

/** Whole slots that are shown: half an hour. */
export const shownSlots = 60;

/** Seconds that must be read so that every shown slot is whole: the last one shown may have ended a slot ago. */
export const historySeconds = (shownSlots + 1) * slotSeconds;

/** The slots shown, the one that is filling, and one for a clock that runs a little ahead. */
const places = shownSlots + 2;

const nothing: PastSlot = {completed: 0, failed: 0};

/** What finished, by slots of half a minute, in a ring of fixed size: what is older than it is forgotten. */
export class FinishHistory {
	readonly #completed = new Uint32Array(places);
	readonly #failed = new Uint32Array(places);
	readonly #missed = new Uint8Array(places);
	/** Which slot each place holds now. */
	readonly #slots = new Float64Array(places).fill(-1);
	/** What was told of each place, until something is counted there. */
	readonly #told: (PastSlot | undefined)[] = new Array(places);

	/** Counts runs that finished in a second since the epoch. */
	add(second: number, failed: boolean, runs: number): void {
		const place = this.#place(Math.floor(second / slotSeconds));
		if (place === undefined) return;
		this.#told[place] = undefined;
		const counts = failed ? this.#failed : this.#completed;
		counts[place] = (counts[place] ?? 0) + runs;
	}

	/** Finishes from one second to another were missed: the slots that they touch are gaps, not low numbers. */
	miss(from: number, until: number): void {
		const last = Math.ceil(until / slotSeconds) - 1;
		for (let slot = Math.max(Math.floor(from / slotSeconds), last - shownSlots); slot <= last; slot++) {
			const place = this.#place(slot);
			if (place !== undefined) this.#missed[place] = 1;
		}
	}

	/** What finished in a slot; undefined where some of it was missed. */
	slot(slot: number): PastSlot | undefined {
		const place = slot % places;
		if (this.#slots[place] !== slot) return nothing;
		if (this.#missed[place] === 1) return undefined;
		const told = this.#told[place] ?? {completed: this.#completed[place] ?? 0, failed: this.#failed[place] ?? 0};
		this.#told[place] = told;
		return told;
	}

	// The place of a slot, emptied when it held an older one; undefined when it holds a newer one.
	#place(slot: number): number | undefined {
		const place = slot % places;
		const held = this.#slots[place] ?? -1;
		if (held > slot) return undefined;
		if (held < slot) {
			this.#slots[place] = slot;
			this.#told[place] = undefined;
			this.#completed[place] = 0;
			this.#failed[place] = 0;
			this.#missed[place] = 0;
		}
		return place;
	}
}

/** The number of the slot after the last one that is whole at an instant. */
export function slotAfter(instant: Instant): number {
	return Math.floor(instant / 1000 / slotSeconds);
}

/**
 * The pasts of several queues added up slot by slot. A slot that one of them does not know is a gap of the sum, not a
 * dip; a queue that knows nothing at all yet, or was not read since the slot ended, is left out.
 */
export function sumPasts(pasts: readonly (Past | undefined)[]): Past | undefined {
	const known = pasts.filter(past => past !== undefined);
	if (known.length === 0) return undefined;
	const until = largest(known.map(past => past.until));
	const sums = {
		completed: new Float64Array(shownSlots),
		failed: new Float64Array(shownSlots),
		gaps: new Uint8Array(shownSlots),
	};
	for (const past of known) addPast(past, Math.round((until - past.until) / (slotSeconds * 1000)), sums);
	const slots = Array.from({length: shownSlots}, (_, index) =>
		sums.gaps[index] === 1 ? undefined : {completed: sums.completed[index] ?? 0, failed: sums.failed[index] ?? 0},
	);
	const read = known.filter(past => isReconstructed(past));
	return {until, slots, liveFrom: largest((read.length > 0 ? read : known).map(past => past.liveFrom))};
}

interface Sums {
	readonly completed: Float64Array;
	readonly failed: Float64Array;
	readonly gaps: Uint8Array;
}

/** Adds a past that ends so many slots earlier than the sum does; what it does not reach back to is a gap. */
function addPast({slots}: Past, earlier: number, {completed, failed, gaps}: Sums): void {
	for (let index = 0; index < shownSlots - earlier; index++) {
		const slot = slots[index + earlier];
		if (slot === undefined) gaps[index] = 1;
		else {
			completed[index] = (completed[index] ?? 0) + slot.completed;
			failed[index] = (failed[index] ?? 0) + slot.failed;
		}
	}
}

function largest(values: readonly number[]): number {
	return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

/** Whether some of what its slots show was read from the index for the time before the start. */
export function isReconstructed({until, slots, liveFrom}: Past): boolean {
	const before = slots.length - Math.floor((until - liveFrom) / (slotSeconds * 1000));
	if (before <= 0) return false;
	return slots.slice(0, before).some(slot => slot !== undefined && slot.completed + slot.failed > 0);
}
