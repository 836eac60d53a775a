import type {Clock} from '../monitor/clock.ts';

/**
 * Time between two looks at whether an age has changed, milliseconds. Longer than the usual interval, so that the frames
 * of the Snapshots are all there are: a frame costs ten times what finding out costs.
 */
export const calmPace = 2500;

/** While a person counts the seconds: how stale, when is the next attempt. */
export const secondsPace = 1000;

/** Where nothing changed for a while. */
const idlePace = 5000;
const idleAfter = 10;

/** Draws again between two Snapshots, because ages grow; not while nothing on the screen lives. */
export interface DisplayTick {
	/** After every drawing: whether it looked different, and when to look again; undefined = nothing changes with time. */
	drawn(changed: boolean, pace: number | undefined): void;
	close(): void;
}

export function createDisplayTick(clock: Clock, draw: () => void): DisplayTick {
	let cancel: (() => void) | undefined;
	let still = 0;
	return {
		drawn(changed, pace) {
			still = changed ? 0 : still + 1;
			cancel?.();
			cancel = pace === undefined ? undefined : clock.after(still >= idleAfter ? Math.max(pace, idlePace) : pace, draw);
		},
		close: () => cancel?.(),
	};
}
