import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import * as pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {cacheDirectory} from './cache-directory.ts';
import {teachModernWidths} from './unicode.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The names of keys that tests press, as a terminal sends them. */
const sequences: Readonly<Record<string, string>> = {
	enter: '\r',
	escape: '\u001B',
	tab: '\t',
	'shift+tab': '\u001B[Z',
	backspace: '\u007F',
	up: '\u001B[A',
	down: '\u001B[B',
	right: '\u001B[C',
	left: '\u001B[D',
	home: '\u001B[H',
	end: '\u001B[F',
	pageup: '\u001B[5~',
	pagedown: '\u001B[6~',
	'ctrl+c': '\u0003',
	'ctrl+d': '\u0004',
	'ctrl+l': '\u000C',
	'ctrl+u': '\u0015',
	'ctrl+z': '\u001A',
	space: ' ',
};

/** The built program in a pseudo terminal, drawn by a terminal emulator: what a person sees and does. */
export interface Program {
	readonly pid: number;
	/** The screen's rows, without trailing blanks. */
	rows(): string[];
	screen(): string;
	/** The screen's cells, row by row; a wide character is followed by an empty one. */
	cells(): string[][];
	/** Whether the first place where the screen shows this text shows it dim from end to end. Throws when it shows none. */
	dim(text: string): boolean;
	/** True while the alternate screen is shown. */
	alternate(): boolean;
	/** Everything that was written, with escape sequences. */
	output(): string;
	/** Bytes written so far. */
	bytes(): number;
	/** When the next bytes come in, on the clock of `performance.now()`: before a terminal has drawn them. */
	nextBytes(): Promise<number>;
	/** Waits until the screen contains or matches; answers the screen. Fails with the screen's content. */
	waitFor(what: string | RegExp | ((screen: string) => boolean), timeout?: number): Promise<string>;
	/** Sends keys by name (`enter`, `tab`) or as text, one chunk each, a person's pause apart. */
	press(...keys: string[]): Promise<void>;
	/**
	 * Presses a key that acts, and waits until the screen answers. On a busy machine it can arrive together with the key
	 * before, and is then refused with a message: a person presses it again, and only then. A key that is pressed twice
	 * may be typed into what the first opened, or close it.
	 */
	ask(key: string, answer: string | RegExp): Promise<string>;
	/** Sends bytes as one chunk. */
	write(bytes: string): void;
	resize(columns: number, rows: number): void;
	kill(signal: NodeJS.Signals): void;
	/** Closes the terminal under it, as a lost ssh session does. */
	hangUp(): void;
	readonly exited: Promise<{readonly code: number; readonly signal: number | undefined}>;
}

export interface ProgramOptions {
	readonly columns?: number;
	readonly rows?: number;
	readonly env?: Readonly<Record<string, string>>;
	/** Another Node binary than the pinned one. */
	readonly node?: string;
	/** Another script than the bundle. */
	readonly script?: string;
}

/** What the program says of a key that it did not take, or that there was nothing for just then. */
const refusal = /\S+ came together with other keys|Several keys came at once|Cannot [a-z ]+: .*/;

/** How long nothing at all is said of a key before it counts as swallowed, milliseconds. */
const swallowedAfter = 5000;

let state: string | undefined;

/** Records of actions go to a directory of the tests' own. */
function stateDirectory(): string {
	state ??= mkdtempSync(join(tmpdir(), 'absurd-top-state-'));
	return state;
}

const open = new Set<Program>();

/** Starts the built command in a pseudo terminal. `endPrograms` ends what a test left running. */
export function startProgram(arguments_: readonly string[], options: ProgramOptions = {}): Program {
	const {columns = 120, rows = 40} = options;
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 500});
	teachModernWidths(terminal);
	const {CI: _, NO_COLOR: __, ...inherited} = process.env;
	const child = pty.spawn(
		options.node ?? process.execPath,
		[options.script ?? join(root, 'dist', 'launch.cjs'), ...arguments_],
		{
			name: 'xterm-256color',
			cols: columns,
			rows,
			cwd: root,
			env: {
				...inherited,
				TERM: 'xterm-256color',
				LANG: 'C.UTF-8',
				TZ: 'UTC',
				XDG_STATE_HOME: stateDirectory(),
				XDG_CACHE_HOME: cacheDirectory(),
				...options.env,
			},
		},
	);
	let output = '';
	let changed: (() => void)[] = [];
	const wake = () => {
		const waiting = changed;
		changed = [];
		for (const resume of waiting) resume();
	};
	let drawn = 0;
	let bytes = 0;
	const arrivals: ((at: number) => void)[] = [];
	let ended = false;
	/** A frame stands between two marks and can arrive in pieces: half of one is nothing that a person sees. */
	const whole = () => {
		const begun = output.lastIndexOf('\u001B[?2026h', drawn - 1);
		return ended || begun === -1 || output.slice(begun, drawn).includes('\u001B[?2026l');
	};
	child.onData(data => {
		const at = performance.now();
		for (const arrived of arrivals.splice(0)) arrived(at);
		output += data;
		bytes += Buffer.byteLength(data);
		terminal.write(data, () => {
			drawn += data.length;
			wake();
		});
	});
	// Answers to the program's questions (cursor position, device attributes) go back as a terminal would send them.
	terminal.onData(data => child.write(data));
	const exited = new Promise<{code: number; signal: number | undefined}>(resolve => {
		child.onExit(({exitCode, signal}) => {
			open.delete(program);
			terminal.write('', () => {
				ended = true;
				wake();
				resolve({code: exitCode, signal: signal || undefined});
			});
		});
	});

	function screenRows(): string[] {
		const buffer = terminal.buffer.active;
		return Array.from(
			{length: terminal.rows},
			(_unused, index) => buffer.getLine(buffer.viewportY + index)?.translateToString(true) ?? '',
		);
	}

	const program: Program = {
		pid: child.pid,
		rows: screenRows,
		screen: () => screenRows().join('\n').trimEnd(),
		cells: () =>
			Array.from({length: terminal.rows}, (_unused, row) => {
				const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
				return Array.from({length: terminal.cols}, (_cell, column) => {
					const cell = line?.getCell(column);
					return cell?.getWidth() === 0 ? '' : cell?.getChars() || ' ';
				});
			}),
		dim(text) {
			const row = screenRows().findIndex(line => line.includes(text));
			const buffer = terminal.buffer.active;
			const line = buffer.getLine(buffer.viewportY + row);
			if (row < 0 || line === undefined) throw new Error(`Not on the screen: ${text}\n${program.screen()}`);
			const cells = Array.from({length: terminal.cols}, (_unused, index) => line.getCell(index));
			const start = cells
				.map(cell => cell?.getChars() || ' ')
				.join('')
				.indexOf(text);
			return cells.slice(start, start + text.length).every(cell => cell?.isDim() !== 0);
		},
		alternate: () => terminal.buffer.active.type === 'alternate',
		output: () => output,
		bytes: () => bytes,
		nextBytes: () => new Promise(resolve => arrivals.push(resolve)),
		async waitFor(what, timeout = 15_000) {
			const holds = (screen: string) =>
				typeof what === 'string' ? screen.includes(what) : what instanceof RegExp ? what.test(screen) : what(screen);
			const deadline = Date.now() + timeout;
			for (;;) {
				const screen = program.screen();
				if (whole() && holds(screen)) return screen;
				const left = deadline - Date.now();
				if (left <= 0) throw new Error(`Not seen within ${timeout} ms: ${String(what)}\n${screen}\n--- end of screen`);
				await new Promise<void>(resolve => {
					const timer = setTimeout(resolve, Math.min(left, 250));
					changed.push(() => {
						clearTimeout(timer);
						resolve();
					});
				});
			}
		},
		async press(...keys) {
			for (const key of keys) {
				child.write(sequences[key] ?? key);
				// A person's pause: keys that act want quiet before them, and Escape waits for a rest that may follow.
				await new Promise(resolve => setTimeout(resolve, 90));
			}
		},
		async ask(key, answer) {
			const answers = (screen: string) => (typeof answer === 'string' ? screen.includes(answer) : answer.test(screen));
			const refused = (screen: string) => refusal.exec(screen)?.[0];
			for (let attempt = 1; attempt < 8; attempt++) {
				// What was said of an earlier key stays for some seconds.
				const before = refused(program.screen());
				await program.press(key);
				const told = (screen: string) => refused(screen) !== undefined && refused(screen) !== before;
				const seen = await program
					.waitFor(screen => answers(screen) || told(screen), swallowedAfter)
					.catch(() => undefined);
				if (seen !== undefined && answers(seen)) return seen;
				// A key that acts wants quiet since the last one, which was taken a moment ago.
				await new Promise(resolve => setTimeout(resolve, 90));
			}
			return program.waitFor(answer);
		},
		write: bytes => child.write(bytes),
		resize(newColumns, newRows) {
			terminal.resize(newColumns, newRows);
			child.resize(newColumns, newRows);
		},
		kill: signal => child.kill(signal),
		hangUp() {
			// There is such a method, and no type for it.
			const destroy: unknown = Reflect.get(child, 'destroy');
			if (typeof destroy === 'function') destroy.call(child);
		},
		exited,
	};
	open.add(program);
	return program;
}

/** Kills what is still running; for `afterEach`. */
export async function endPrograms(): Promise<void> {
	const running = [...open];
	for (const program of running) program.kill('SIGKILL');
	await Promise.all(running.map(program => program.exited));
}

/** The main screen is back, with its cursor, and without the modes that the program had switched on. */
export function isRestored(program: Program): boolean {
	const output = program.output();
	const after = (last: string, before: string) => output.lastIndexOf(last) > output.lastIndexOf(before);
	return !program.alternate() && after('\u001B[?25h', '\u001B[?25l') && after('\u001B[?2004l', '\u001B[?2004h');
}

/** Goes through the fields of the form that is open, each once the one before was left, to its button. */
export async function toButton(program: Program): Promise<void> {
	/** The line of the form that has the keys. */
	const focused = (screen: string) => /│ ▸ .*│/.exec(screen)?.[0];
	for (let field = 0; field < 12 && !program.screen().includes('▸ [ Review'); field++) {
		const before = focused(program.screen());
		await program.press('tab');
		await program.waitFor(screen => focused(screen) !== before);
	}
}

/** Leaves what is open, until the hints say that `q` quits, and quits; answers what is left of it. */
export async function quit(program: Program): Promise<{readonly code: number; readonly restored: boolean}> {
	// Two Escapes in one chunk are one: where several are needed, each waits for what the one before did.
	for (let level = 0; level < 8; level++) {
		await program.press('escape');
		const home = await program.waitFor(/\bq quit\b/, 1500).catch(() => undefined);
		if (home !== undefined) break;
	}
	await program.press('q');
	const {code} = await program.exited;
	return {code, restored: isRestored(program)};
}
