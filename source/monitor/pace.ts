import type {Duration} from './snapshot.ts';

const longest = 60_000;
const slowerBy = 2;

/**
 * The interval that ticks really keep: the one asked for, lengthened while ticks cost more server time than they may
 * (`--max-db-ms`, milliseconds a second) or miss their deadline.
 */
export class Pace {
	interval: Duration;
	readonly #maxDbMs: number | undefined;
	#serverTime = 0;
	#late = 1;

	constructor(interval: Duration, maxDbMs: number | undefined) {
		this.interval = interval;
		this.#maxDbMs = maxDbMs;
	}

	/** Takes in a tick: the server time it used and whether it missed its deadline. */
	absorb(serverTime: Duration, late: boolean): void {
		this.#serverTime = this.#serverTime * 0.7 + serverTime * 0.3;
		this.#late = late ? Math.min(this.#late * slowerBy, 32) : Math.max(1, this.#late / slowerBy);
	}

	get effective(): Duration {
		const afforded = this.#maxDbMs === undefined ? 0 : (this.#serverTime / this.#maxDbMs) * 1000;
		return Math.max(this.interval, Math.min(longest, Math.max(afforded, this.interval * this.#late)));
	}
}
