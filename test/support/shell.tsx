import type {SavedFilter} from '../../source/monitor/filter/book.ts';
import type {Hands} from '../../source/monitor/hands.ts';
import type {Snapshot} from '../../source/monitor/snapshot.ts';
import {App} from '../../source/screens/app.tsx';
import {overviewScreen} from '../../source/screens/overview/overview.ts';
import type {PopupEnvironment, PopupHost, PopupKey} from '../../source/screens/popup.ts';
import {createPopupHost} from '../../source/screens/popup-host.ts';
import type {Screen, ScreenRequest} from '../../source/screens/screen.ts';
import {createShell, type Shell} from '../../source/screens/shell.ts';
import {createView, type View} from '../../source/screens/view.ts';
import {createTheme} from '../../source/terminal/theme.ts';
import {createTestClock, type TestClock} from './clock.ts';
import {type Mounted, mount} from './mount.ts';
import {createStubMonitor, type StubMonitor} from './stub-monitor.ts';

/** The keys that tests press, as a terminal sends them. */
const sequences: Readonly<Record<string, string>> = {
	enter: '\r',
	escape: '\u001b',
	tab: '\t',
	down: '\u001b[B',
	up: '\u001b[A',
	pagedown: '\u001b[6~',
	pageup: '\u001b[5~',
	backspace: '\u007f',
	'ctrl+c': '\u0003',
	'ctrl+l': '\f',
	'ctrl+z': '\u001a',
};

export interface Rig extends Mounted {
	readonly shell: Shell;
	readonly monitor: StubMonitor;
	readonly clock: TestClock;
	/** What the program was ended with. */
	readonly quits: (number | Error)[];
	readonly copied: string[];
	/** What was asked of the terminal: `suspend`, `redraw`. */
	readonly asked: string[];
	readonly popup: StubPopup;
	/** Keys by name, as a person presses them: one by one. */
	press(...keys: string[]): Promise<void>;
	/** Lets time pass and draws what that changes. */
	pass(milliseconds: number): Promise<void>;
	give(change: Partial<Snapshot>): Promise<void>;
}

export interface StubPopup extends PopupHost {
	show(scope: 'dialog' | 'form' | undefined, rows?: readonly string[]): void;
	readonly opened: string[];
	readonly keys: PopupKey[];
	readonly pastes: string[];
	environment: PopupEnvironment | undefined;
}

function createStubPopup(): StubPopup {
	let scope: 'dialog' | 'form' | undefined;
	let rows: readonly string[] = [];
	const listeners = new Set<() => void>();
	const self: StubPopup = {
		get scope() {
			return scope;
		},
		opened: [],
		keys: [],
		pastes: [],
		environment: undefined,
		show(next, nextRows = ['+------+', '| sure |', '+------+']) {
			scope = next;
			rows = next === undefined ? [] : nextRows;
			for (const listener of listeners) listener();
		},
		open(request) {
			self.opened.push(request.kind);
			self.show(request.kind === 'dialog' ? 'dialog' : 'form');
		},
		press(key) {
			self.keys.push(key);
			if (key.name === 'escape') self.show(undefined);
		},
		paste: text => void self.pastes.push(text),
		draw: () => rows,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
	return self;
}

/** A second screen that says which run it shows. */
export const runStub: Screen<string> = {
	id: 'run',
	title: 'Run',
	scopes: ['list', 'run'],
	open: request => (request.screen === 'run' ? request.run.runId : ''),
	draw: state => [`run ${state}`],
	handle(state, command, context) {
		if (command === 'program.escape') context.back();
		return state;
	},
	reconcile: state => state,
	probe: state => ({kind: 'run', run: {queue: 'mail', taskId: 't', runId: state}}),
	whyNot: () => undefined,
	typing: () => false,
	type: state => state,
	visible: () => ({queues: [], claims: []}),
};

function openStub(request: ScreenRequest, snapshot: Snapshot): View {
	return request.screen === 'run'
		? createView(runStub, request, snapshot)
		: createView(overviewScreen, request, snapshot);
}

export interface RigOptions {
	readonly columns?: number;
	readonly rows?: number;
	readonly colour?: boolean;
	readonly ascii?: boolean;
	readonly hands?: Hands;
	readonly now?: number;
	readonly openView?: (request: ScreenRequest, snapshot: Snapshot) => View;
	readonly refuseCopy?: string;
	readonly savedFilters?: readonly SavedFilter[];
	/** The program's own dialogs and forms instead of the stub. */
	readonly realPopups?: boolean;
}

/** The whole screen on an emulator, with a monitor, a clock and popups that do as the test says. */
export async function mountShell(first: Snapshot, options: RigOptions = {}): Promise<Rig> {
	const {columns = 80, rows = 24, colour = false, ascii = false, hands, openView = openStub} = options;
	const monitor = createStubMonitor(first);
	const clock = createTestClock(options.now ?? first.at);
	const popup = createStubPopup();
	const quits: (number | Error)[] = [];
	const copied: string[] = [];
	const asked: string[] = [];
	const shell = createShell({
		monitor,
		hands: () => hands,
		theme: createTheme({ascii, colour}),
		label: 'prod-eu',
		utc: true,
		clock,
		columns,
		rows,
		openView,
		...(options.savedFilters === undefined ? {} : {savedFilters: options.savedFilters}),
		createPopups(environment) {
			popup.environment = environment;
			return options.realPopups ? createPopupHost(environment) : popup;
		},
		copy(text) {
			copied.push(text);
			return options.refuseCopy;
		},
		suspend: () => void asked.push('suspend'),
		redraw: () => void asked.push('redraw'),
		quit: reason => void quits.push(reason),
	});
	const mounted = mount(<App shell={shell} />, {
		columns,
		rows,
		onResize(newColumns, newRows) {
			shell.resize(newColumns, newRows);
			return <App shell={shell} />;
		},
	});
	await mounted.settle();
	return {
		...mounted,
		shell,
		monitor,
		clock,
		quits,
		copied,
		asked,
		popup,
		async press(...keys) {
			for (const key of keys) {
				clock.pass(100);
				await mounted.send(sequences[key] ?? key);
				if (key !== 'escape') continue;
				// Ink holds an Escape for 20 ms of real time, the program for another 60 ms of its own.
				await new Promise(resolve => setTimeout(resolve, 25));
				clock.pass(60);
				await mounted.settle();
			}
		},
		async pass(milliseconds) {
			clock.pass(milliseconds);
			await mounted.settle();
		},
		async give(change) {
			monitor.give(change);
			await mounted.settle();
		},
	};
}
