import type {Key} from 'ink';
import {systemClock} from '../source/monitor/clock.ts';
import type {Monitor} from '../source/monitor/monitor.ts';
import {openView} from '../source/screens/index.ts';
import {createPopupHost} from '../source/screens/popup-host.ts';
import {createShell} from '../source/screens/shell.ts';
import {createTheme} from '../source/terminal/theme.ts';
import {plain} from '../test/support/random-keys.ts';

/** Keys with a name, as Ink tells them; all others are their own text. */
const named: Readonly<Record<string, readonly [input: string, key: Key]>> = {
	enter: ['\r', {...plain, return: true}],
	tab: ['\t', {...plain, tab: true}],
	escape: ['', {...plain, escape: true}],
};

/** A key as Ink tells it. */
export function keyEvent(name: string): readonly [input: string, key: Key] {
	return named[name] ?? [name, plain];
}

/** The screens over a monitor, without a terminal, in a window of 120x40. */
export function openScreens(monitor: Monitor) {
	return createShell({
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
}
