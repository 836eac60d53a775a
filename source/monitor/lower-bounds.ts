import type {Instant} from './snapshot.ts';
import type {LiveFigures} from './source.ts';

/** Rows may become visible this long after the time they carry: a transaction committed late. */
const slack = 5000;

/** Everything is looked at again this often, for what came later still. */
const fullProbe = 30_000;

interface Bounds {
	readonly pendingFrom: Instant;
	readonly runningFrom: Instant;
	readonly sleepingFrom: Instant;
}

const everything: Bounds = {
	pendingFrom: Number.NEGATIVE_INFINITY,
	runningFrom: Number.NEGATIVE_INFINITY,
	sleepingFrom: Number.NEGATIVE_INFINITY,
};

/**
 * From where the probes of live runs need to look: the smallest `available_at` seen last time, since new runs carry
 * later ones. It keeps the probe away from the dead index entries that a held-back vacuum leaves at the low end.
 */
export class LowerBounds {
	#bounds = everything;
	#fullAt = Number.NEGATIVE_INFINITY;

	/** The bounds for a probe at a monotonic time. */
	next(now: number): Bounds {
		return now - this.#fullAt >= fullProbe ? everything : this.#bounds;
	}

	/** Remembers what a probe with `asked` found at a monotonic time. */
	absorb(asked: Pick<Bounds, 'pendingFrom'>, found: LiveFigures, now: number): void {
		if (asked.pendingFrom === Number.NEGATIVE_INFINITY) this.#fullAt = now;
		const from = (oldest: Instant | undefined) => Math.min(oldest ?? found.now, found.now) - slack;
		this.#bounds = {
			pendingFrom: from(found.pendingOldest),
			runningFrom: from(found.runningOldest),
			sleepingFrom: from(found.sleepingOldest),
		};
	}

	clear(): void {
		this.#bounds = everything;
		this.#fullAt = Number.NEGATIVE_INFINITY;
	}
}
