/** Time as the program around the screen sees it; tests put their own in its place. */
export interface Clock {
	/** Milliseconds since the epoch, by this machine's clock. */
	now(): number;
	/** Calls back once after so many milliseconds; answers the function that calls it off. */
	after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	after(milliseconds, callback) {
		const timer = setTimeout(callback, milliseconds);
		return () => clearTimeout(timer);
	},
};
