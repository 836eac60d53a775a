import type {Drains, Duration, Instant} from './snapshot.ts';

/** How far back the rate looks, and how much of it must be known. */
const span = 60_000;
const shortest = 10_000;

/** Below this many claims and arrivals no rate is told. */
const fewestEvents = 20;

interface Reading {
	readonly at: Instant;
	readonly ready: number;
	/** Claims and arrivals since the reading before it. */
	readonly events: number;
}

/**
 * How fast the ready runs get fewer. Claims a second minus arrivals a second is exactly what the number of ready runs
 * falls by, so the numbers of the last minute tell it without counting either.
 */
export class ReadyRate {
	#readings: Reading[] = [];

	/** Adds a reading; `written` is how many rows were written to the queue's runs since the last one. */
	add(at: Instant, ready: number, written: number): void {
		const previous = this.#readings.at(-1);
		const moved = previous ? Math.abs(ready - previous.ready) : 0;
		// The counters are a hint that lags and is 0 on a standby: what the number itself moved by is certain.
		this.#readings.push({at, ready, events: Math.max(moved, written)});
		this.#readings = this.#readings.filter(reading => reading.at > at - span);
	}

	clear(): void {
		this.#readings = [];
	}

	/** In how long the ready runs are gone at this rate. */
	drains(): Drains {
		const [first, ...rest] = this.#readings;
		const last = rest.at(-1);
		// Where nothing waits, nothing drains.
		if (!first || !last || last.ready === 0 || last.at - first.at < shortest) return {kind: 'unknown'};
		const events = rest.reduce((sum, reading) => sum + reading.events, 0);
		if (events < fewestEvents) return {kind: 'unknown'};
		const fallen = first.ready - last.ready;
		if (fallen <= 0) return {kind: 'never', growth: ((last.ready - first.ready) * 1000) / (last.at - first.at)};
		const duration: Duration = (last.ready * (last.at - first.at)) / fallen;
		return {kind: 'in', duration};
	}
}
