import type {Clock} from '../monitor/clock.ts';

/** Time between two looks at whether an age has changed, milliseconds: while some do, and after none did for a while. */
const lively = 1000;
const idle = 5000;
const idleAfter = 10;

/** Draws again between two Snapshots, because ages grow; not while nothing on the screen lives. */
export interface DisplayTick {
	/** After every drawing: whether it looked different, and whether anything on it changes with time. */
	drawn(changed: boolean, alive: boolean): void;
	close(): void;
}

export function createDisplayTick(clock: Clock, draw: () => void): DisplayTick {
	let cancel: (() => void) | undefined;
	let still = 0;
	return {
		drawn(changed, alive) {
			still = changed ? 0 : still + 1;
			cancel?.();
			cancel = alive ? clock.after(still >= idleAfter ? idle : lively, draw) : undefined;
		},
		close: () => cancel?.(),
	};
}
