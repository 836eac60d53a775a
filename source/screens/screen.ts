import type {Scope} from '../keys/binding.ts';
import type {BulkIntent} from '../monitor/bulk.ts';
import type {FilterBook} from '../monitor/filter/book.ts';
import type {Hands, Intent} from '../monitor/hands.ts';
import type {Probe, ProbeAnswers} from '../monitor/probe.ts';
import type {RunRef, Snapshot, TaskRef} from '../monitor/snapshot.ts';
import type {Theme} from '../terminal/theme.ts';
import type {Doing} from './deeds.ts';
import type {FailureWishes} from './failures/window.ts';
import type {Markable, Marks} from './marks.ts';

/** What a screen is given to draw one frame. */
export interface DrawContext {
	readonly snapshot: Snapshot;
	readonly answers: ProbeAnswers;
	/** Cells that the screen's body may fill: between the header and the hint line. */
	readonly width: number;
	readonly height: number;
	readonly theme: Theme;
	/** Database time now: the last tick's time plus the time since its answer. Frozen while paused or lost. */
	readonly now: number;
	readonly utc: boolean;
	/** undefined in read-only mode and before the session is there. */
	readonly hands: Hands | undefined;
	/** Tasks that are marked, and the range that is being drawn. */
	readonly marks?: Marks | undefined;
	/** What is being done to tasks at the moment. */
	readonly doing?: Doing | undefined;
}

/** What a command handler is given besides the state: everything it may set in motion. */
export interface CommandContext extends DrawContext {
	/** Opens another screen on top of this one. */
	open(screen: ScreenRequest): void;
	back(): void;
	/** One line in the status line for some seconds. */
	say(text: string, tone?: 'ok' | 'warning' | 'error'): void;
	copy(text: string, what: string): void;
	/** Filters used before and those that are kept, for prompts. */
	readonly filters: FilterBook;
	/** Opens the dialog or form of an action; undefined fields are asked for in the form. */
	act(request: ActRequest): void;
}

/** What of the monitor's work is on screen. */
export interface Visible {
	readonly queues: readonly string[];
	readonly claims: readonly RunRef[];
	/** The rules themselves. */
	readonly checkup?: boolean | undefined;
}

/** Where the overview is to begin: a panel, narrowed to a queue and by a filter. */
export interface OverviewFocus {
	readonly panel: 'queues' | 'claims' | 'failures';
	readonly queue: string | undefined;
	readonly filter: string | undefined;
}

export type ScreenRequest =
	| {readonly screen: 'overview'; readonly focus?: OverviewFocus | undefined}
	| {readonly screen: 'run'; readonly run: RunRef}
	/** Tasks that pass a filter; empty = all. */
	| {readonly screen: 'tasks'; readonly filter: string}
	| {readonly screen: 'failures'}
	| {readonly screen: 'workflows'}
	/** Of one queue, or of all. */
	/** Everything about one queue, and its parts. */
	| {
			readonly screen: 'queue';
			readonly queue: string;
			/** Opens with this part, narrowed by a filter. */
			readonly part?: 'storage' | undefined;
			readonly filter?: string | undefined;
	  }
	| {readonly screen: 'types' | 'storage'; readonly queue: string; readonly filter?: string | undefined}
	| {
			readonly screen: 'workers' | 'events' | 'schedule';
			readonly queue: string | undefined;
			readonly filter?: string | undefined;
	  }
	/** The failed attempts of one cause: the key of its group, and the window that is looked at. */
	| {readonly screen: 'failure-group'; readonly wishes: FailureWishes; readonly group: string}
	/** With the cursor on a rule. */
	| {readonly screen: 'doctor'; readonly rule?: string | undefined};

/** An action that a person asked for with a key; the dialog asks the rest. */
export type ActRequest =
	| {readonly kind: 'dialog'; readonly intent: Intent}
	| {readonly kind: 'bulk'; readonly intent: BulkIntent}
	| {
			readonly kind: 'spawn-form';
			readonly queue: string | undefined;
			readonly taskName: string | undefined;
			/** Filled in with what this task was spawned with. */
			readonly like?: TaskRef | undefined;
	  }
	| {readonly kind: 'emit-form'; readonly queue: string | undefined; readonly eventName: string | undefined};

/**
 * One screen: state in, rows out. `State` holds cursor, scroll, sort, filter and nothing that the database knows; rows
 * hang on ids, never on indexes (design.md 2). A screen is a file with this record and a line in `screens/index.ts`.
 */
export interface Screen<State> {
	readonly id: ScreenRequest['screen'];
	readonly title: string;
	/** Besides `global`. */
	readonly scopes: readonly Scope[];
	open(request: ScreenRequest, snapshot: Snapshot): State;
	/** Exactly `height` rows or fewer, each at most `width` cells: styled text made of `fit()` pieces. Pure. */
	draw(state: State, context: DrawContext): readonly string[];
	/**
	 * Handles a command (the id of a binding of its scopes, or of the globals that screens see: `program.escape` clears
	 * what can be cleared and otherwise calls `back()`); answers the next state.
	 */
	handle(state: State, command: string, context: CommandContext): State;
	/** Brings state in line with a new Snapshot: the cursor's row vanished, the panel shrank. */
	reconcile(state: State, context: DrawContext): State;
	/** What this screen wants polled. */
	probe(state: State): Probe | undefined;
	/** Why a command cannot be done now on the row under the cursor; undefined = it can. Greys hints and help. */
	whyNot(state: State, command: string, context: DrawContext): string | undefined;
	/** The tasks that can be marked here; absent where a screen lists none. */
	tasks?(state: State, context: DrawContext): Markable;
	/** The text being typed when this screen has a prompt open (filter), so that keys go there. */
	typing(state: State): boolean;
	/** A keypress while `typing`: printable text or a key's name. */
	type(state: State, key: {readonly name: string; readonly text: string}, context: CommandContext): State;
	/** Applies a filter that was chosen elsewhere; absent where rows cannot be filtered. */
	filter?(state: State, filter: string, context: CommandContext): State;
	/** For `Monitor.show`. */
	visible(state: State, context: DrawContext): Visible;
}
