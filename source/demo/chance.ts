/** A number between two bounds, evenly spread. */
export function between(low: number, high: number): number {
	return low + Math.random() * (high - low);
}

/** Milliseconds, drawn between two bounds in seconds. */
export function duration([low, high]: readonly [number, number]): number {
	return 1000 * between(low, high);
}

/** A UUIDv7 of an instant (milliseconds since the epoch). */
export function uuidv7(at: number): string {
	const time = Math.floor(at).toString(16).padStart(12, '0');
	return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}

/** So many random hex digits, at most 12. */
export function hex(digits: number): string {
	return Math.floor(Math.random() * 16 ** digits)
		.toString(16)
		.padStart(digits, '0');
}

/** An exponentially distributed waiting time: arrivals that know nothing of each other. Same unit as the mean. */
export function waitingTime(mean: number): number {
	return Math.min(4 * mean, -mean * Math.log(1 - Math.random()));
}

/** Resolves later. Does not keep the process alive by itself. */
export function pause(milliseconds: number): Promise<void> {
	return new Promise(resolve => {
		setTimeout(resolve, milliseconds).unref();
	});
}
