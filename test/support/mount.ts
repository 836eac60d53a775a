import {PassThrough, Writable} from 'node:stream';
import xterm from '@xterm/headless';
import {type Instance, type RenderOptions, render} from 'ink';
import type {ReactElement} from 'react';
import {drawForSize} from '../../source/terminal/resize.ts';

/** An Ink tree on a terminal emulator: what a person sees, and every byte that was written for it. */
export interface Mounted {
	readonly app: Instance;
	/** The rows of the screen without trailing blanks. */
	rows(): string[];
	screen(): string;
	/** Bytes written so far. */
	bytes(): number;
	/** Everything that was written. */
	writes(): string;
	alternate(): boolean;
	/** Sends bytes as one chunk. */
	send(bytes: string): Promise<void>;
	resize(columns: number, rows: number): Promise<void>;
	/** Waits until everything that is drawn has reached the emulator. */
	settle(): Promise<void>;
	end(): Promise<void>;
}

interface MountOptions extends Pick<RenderOptions, 'alternateScreen' | 'incrementalRendering' | 'exitOnCtrlC'> {
	readonly columns?: number;
	readonly rows?: number;
	/** Called before Ink hears of a new size; answers the tree to draw. */
	readonly onResize?: (columns: number, rows: number) => ReactElement | undefined;
}

class Output extends Writable {
	readonly isTTY = true;
	columns: number;
	rows: number;
	readonly #terminal: xterm.Terminal;
	bytes = 0;
	written = '';
	pending: Promise<void> = Promise.resolve();

	constructor(terminal: xterm.Terminal) {
		super({decodeStrings: false, highWaterMark: 1 << 30});
		this.#terminal = terminal;
		this.columns = terminal.cols;
		this.rows = terminal.rows;
	}

	override _write(data: string, _encoding: string, done: () => void): void {
		this.bytes += Buffer.byteLength(data);
		this.written += data;
		const drawn = new Promise<void>(resolve => this.#terminal.write(data, resolve));
		this.pending = this.pending.then(() => drawn);
		done();
	}
}

class Keyboard extends PassThrough {
	readonly isTTY = true;
	isRaw = false;
	setRawMode(mode: boolean): this {
		this.isRaw = mode;
		return this;
	}
	ref(): this {
		return this;
	}
	unref(): this {
		return this;
	}
}

/** Mounts a tree on a terminal of this size. ink-testing-library has no rows, no alternate screen and no emulator. */
export function mount(tree: ReactElement, options: MountOptions = {}): Mounted {
	const {columns = 80, rows = 24, onResize, ...inkOptions} = options;
	const terminal = new xterm.Terminal({
		cols: columns,
		rows,
		allowProposedApi: true,
		convertEol: true,
		scrollback: 1000,
	});
	const stdout = new Output(terminal);
	const stdin = new Keyboard({encoding: 'utf8'});
	let app: Instance | undefined;
	stdout.on('resize', () => {
		const next = onResize?.(stdout.columns, stdout.rows);
		if (next !== undefined && app !== undefined) drawForSize(app, stdout, next);
	});
	const instance = render(tree, {
		stdout,
		stdin,
		stderr: stdout,
		interactive: true,
		exitOnCtrlC: false,
		patchConsole: false,
		maxFps: 1000,
		alternateScreen: true,
		incrementalRendering: true,
		...inkOptions,
	});
	app = instance;

	function screenRows(): string[] {
		const buffer = terminal.buffer.active;
		return Array.from(
			{length: terminal.rows},
			(_unused, index) => buffer.getLine(buffer.viewportY + index)?.translateToString(true) ?? '',
		);
	}

	async function settle(): Promise<void> {
		await new Promise(resolve => setImmediate(resolve));
		await instance.waitUntilRenderFlush();
		await stdout.pending;
	}

	return {
		app: instance,
		rows: screenRows,
		screen: () => screenRows().join('\n').trimEnd(),
		bytes: () => stdout.bytes,
		writes: () => stdout.written,
		alternate: () => terminal.buffer.active.type === 'alternate',
		async send(bytes) {
			stdin.write(bytes);
			await settle();
		},
		async resize(newColumns, newRows) {
			terminal.resize(newColumns, newRows);
			stdout.columns = newColumns;
			stdout.rows = newRows;
			stdout.emit('resize');
			await settle();
		},
		settle,
		async end() {
			instance.unmount();
			await stdout.pending;
			terminal.dispose();
		},
	};
}
