import {type Instance, render} from 'ink';
import {systemClock} from '../monitor/clock.ts';
import type {Hands} from '../monitor/hands.ts';
import type {Monitor} from '../monitor/monitor.ts';
import type {Options} from '../options.ts';
import {App} from '../screens/app.tsx';
import {openView} from '../screens/index.ts';
import {createPopupHost} from '../screens/popup-host.ts';
import {createShell} from '../screens/shell.ts';
import {copyBytes} from './clipboard.ts';
import {editText} from './editor.ts';
import {type Ending, watchEndings} from './ending.ts';
import {drawForSize} from './resize.ts';
import {redraw, suspend} from './suspend.ts';
import {createTheme} from './theme.ts';
import {keepTidy} from './tidy.ts';

/** What `runScreen` shows, and where. */
export interface RunScreenOptions {
	readonly monitor: Monitor;
	/** undefined in read-only mode and before the session is there. */
	readonly hands: () => Hands | undefined;
	readonly options: Pick<Options, 'ascii' | 'colour' | 'utc' | 'label' | 'bulkCap'> &
		Partial<Pick<Options, 'labelColour' | 'savedFilters'>>;
	/** A line for the debug log: what must not reach the screen. */
	readonly log: (line: string) => void;
}

/** Frames a second at most; few bytes make a frame, so that keys need not wait. */
const maxFps = 120;

/**
 * Opens the full screen on the process' own terminal and runs until it is quit. Answers the exit code (0, 1, 128 + the
 * number of a signal) and the error that ended it, with the terminal restored: the caller prints the error, closes the
 * monitor and exits. Both standard input and output must be terminals.
 */
export async function runScreen({monitor, hands, options, log}: RunScreenOptions): Promise<Ending> {
	const {stdin, stdout, env} = process;
	let ending: Ending | undefined;
	let instance: Instance | undefined;
	let suspendTerminal: Parameters<typeof suspend>[0] | undefined;
	const end = (next: Ending) => {
		ending ??= next;
		log(`The screen ends with exit code ${next.code}${next.error === undefined ? '' : `: ${next.error.stack}`}`);
		instance?.unmount();
	};
	const failed = (error: unknown) => end({code: 1, error: error instanceof Error ? error : new Error(String(error))});
	let lent = false;
	const whenDrawn = (act: typeof suspend) => () => {
		if (suspendTerminal === undefined || lent) return;
		lent = true;
		act(suspendTerminal)
			.catch(failed)
			.finally(() => {
				lent = false;
			});
	};

	const shell = createShell({
		monitor,
		hands,
		theme: createTheme(options),
		label: options.label,
		bulkCap: options.bulkCap,
		savedFilters: options.savedFilters ?? [],
		utc: options.utc,
		clock: systemClock,
		columns: stdout.columns,
		rows: stdout.rows,
		openView,
		createPopups: createPopupHost,
		copy(text) {
			const copy = copyBytes(text, env);
			if (copy.kind === 'refused') return copy.reason;
			stdout.write(copy.bytes);
			return undefined;
		},
		edit: text =>
			new Promise((resolve, reject) => {
				if (suspendTerminal === undefined || lent) return void reject(new Error('The terminal is not free.'));
				whenDrawn(lend => editText(lend, text, process).then(resolve, reject))();
			}),
		suspend: whenDrawn(suspend),
		redraw: whenDrawn(redraw),
		quit: reason => (typeof reason === 'number' ? end({code: reason, error: undefined}) : failed(reason)),
	});
	const app = (
		<App
			shell={shell}
			onTerminal={terminal => {
				suspendTerminal = terminal.suspendTerminal;
			}}
		/>
	);
	// Before Ink hears of a new size, so that it never draws a frame for the old one.
	const resized = () => {
		shell.resize(stdout.columns, stdout.rows);
		if (instance !== undefined) drawForSize(instance, stdout, app);
	};
	stdout.on('resize', resized);
	// A stop from outside, or a Ctrl-Z before the keyboard is ours, must give the terminal back just the same.
	const stopped = whenDrawn(suspend);
	process.on('SIGTSTP', stopped);
	const unwatch = watchEndings({stdin, stdout}, end);
	const untidy = keepTidy();
	instance = render(app, {
		alternateScreen: true,
		incrementalRendering: true,
		interactive: true,
		maxFps,
		exitOnCtrlC: false,
		patchConsole: false,
	});
	try {
		await instance.waitUntilExit();
	} catch (error) {
		failed(error);
	} finally {
		stdout.off('resize', resized);
		process.off('SIGTSTP', stopped);
		shell.close();
		unwatch();
		untidy();
	}
	return ending ?? {code: 0, error: undefined};
}
