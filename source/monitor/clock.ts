import type {Duration} from './snapshot.ts';

/** Where time and timers come from, so that tests own both. */
export interface Clock {
	/** The client's wall clock, milliseconds since the epoch. */
	wall(): number;
	/** Milliseconds that only grow, for measuring. */
	monotonic(): number;
	/** Calls back once after `delay`; answers the function that cancels it. */
	after(delay: Duration, callback: () => void): () => void;
	/** A number in [0, 1), for jitter. */
	random(): number;
}

/** The machine's own time. Timers do not keep the process alive by themselves: the screen does. */
export const systemClock: Clock = {
	wall: Date.now,
	monotonic: () => performance.now(),
	after(delay, callback) {
		const timer = setTimeout(callback, delay);
		return () => clearTimeout(timer);
	},
	random: Math.random,
};
