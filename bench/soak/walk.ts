import type {Monitor} from '../../source/monitor/monitor.ts';
import {keyEvent, openScreens} from '../screens.ts';

/** Somebody who never stops looking around. */
export interface Walk {
	/** One more tick was seen: now and then a key. */
	step(ticks: number): void;
	frames(): number;
	close(): void;
}

/** Keys in turn: every screen, into a row and out, sorting, filtering, the help and the log. */
const keys = 'j enter tab escape 2 j enter escape 3 4 > 5 6 7 8 @ ? escape 1 D'.split(' ');
const ticksPerKey = 7;

/** Opens the screens over a monitor, without a terminal. */
export function createWalk(monitor: Monitor): Walk {
	let frames = 0;
	const shell = openScreens(monitor);
	shell.subscribe(() => {
		shell.frame();
		frames++;
	});
	return {
		step(ticks) {
			if (ticks % ticksPerKey !== 0) return;
			const key = keys[(ticks / ticksPerKey) % keys.length] ?? 'j';
			const [input, event] = keyEvent(key);
			shell.input.event(input, event);
		},
		frames: () => frames,
		close: () => shell.close(),
	};
}
