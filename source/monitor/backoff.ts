import type {Clock} from './clock.ts';
import type {Duration, Trouble} from './snapshot.ts';

/** Ticks to wait after the first, second, … failure in a row. */
const firstTicks = 2;
const mostTicks = 32;

/** What only a person can change is looked at this often: a missing right, a missing table. */
const recheck = 30_000;
const waitsForPerson: ReadonlySet<string> = new Set(['42501', '42P01']);

/** Holds back what failed: 2, 4, … 32 ticks, and comes back by itself. */
export class Backoff {
	#failures = 0;
	#retryAt = Number.NEGATIVE_INFINITY;
	#trouble: Trouble | undefined;

	/** What it failed with, undefined while all is well. */
	get trouble(): Trouble | undefined {
		return this.#trouble;
	}

	/** When it may be tried again, in the client's monotonic time. */
	get retryAt(): number {
		return this.#retryAt;
	}

	/** Whether it may be tried at a monotonic time. */
	allows(now: number): boolean {
		return now >= this.#retryAt;
	}

	fail(trouble: Trouble, now: number, interval: Duration): void {
		const ticks = Math.min(mostTicks, firstTicks * 2 ** this.#failures);
		const denied = trouble.sqlstate !== undefined && waitsForPerson.has(trouble.sqlstate);
		this.#failures++;
		this.#trouble = trouble;
		// Half a tick early: a timer that fires a millisecond before its time must not cost a whole tick.
		this.#retryAt = now + (denied ? recheck : ticks * interval) - interval / 2;
	}

	/** It may be tried again at once; should it fail again, it is held back as long as it would have been. */
	retryNow(): void {
		this.#retryAt = Number.NEGATIVE_INFINITY;
	}

	succeed(): void {
		this.#failures = 0;
		this.#trouble = undefined;
		this.#retryAt = Number.NEGATIVE_INFINITY;
	}
}

const shortestRetry = 1000;
const longestRetry = 30_000;

/** Time until the `attempt`-th try to connect (from 1): 1 to 30 s, doubled each time, half of it by chance. */
export function reconnectDelay(attempt: number, clock: Pick<Clock, 'random'>): Duration {
	const ceiling = Math.min(longestRetry, shortestRetry * 2 ** Math.min(attempt, 10));
	return Math.max(shortestRetry, ceiling * (0.5 + clock.random() / 2));
}
