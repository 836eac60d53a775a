import type {Key} from 'ink';
import {systemClock} from '../../source/monitor/clock.ts';
import type {Monitor} from '../../source/monitor/monitor.ts';
import {openView} from '../../source/screens/index.ts';
import {createPopupHost} from '../../source/screens/popup-host.ts';
import {createShell} from '../../source/screens/shell.ts';
import {createTheme} from '../../source/terminal/theme.ts';
import {plain} from '../../test/support/random-keys.ts';

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

/** A key as Ink tells it. */
const events: Readonly<Record<string, readonly [input: string, key: Key]>> = {
	enter: ['\r', {...plain, return: true}],
	tab: ['\t', {...plain, tab: true}],
	escape: ['', {...plain, escape: true}],
};

/** Opens the screens over a monitor, without a terminal. */
export function createWalk(monitor: Monitor): Walk {
	let frames = 0;
	const shell = createShell({
		monitor,
		hands: () => undefined,
		theme: createTheme({ascii: false, colour: true}),
		label: undefined,
		savedFilters: [],
		utc: true,
		clock: systemClock,
		columns: 120,
		rows: 40,
		openView,
		createPopups: createPopupHost,
		copy: () => undefined,
		suspend: () => {},
		redraw: () => {},
		quit: reason => {
			throw reason instanceof Error ? reason : new Error(`The screen was quit with ${reason}.`);
		},
	});
	shell.subscribe(() => {
		shell.frame();
		frames++;
	});
	return {
		step(ticks) {
			if (ticks % ticksPerKey !== 0) return;
			const key = keys[(ticks / ticksPerKey) % keys.length] ?? 'j';
			const [input, event] = events[key] ?? [key, plain];
			shell.input.event(input, event);
		},
		frames: () => frames,
		close: () => shell.close(),
	};
}
