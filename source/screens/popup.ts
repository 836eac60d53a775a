import type {Hands} from '../monitor/hands.ts';
import type {Snapshot, TaskRef} from '../monitor/snapshot.ts';
import type {ActRequest, DrawContext, ScreenRequest} from './screen.ts';

/** A key as `keys/keypress.ts` tells it, and whether its chunk of input held nothing else. */
export interface PopupKey {
	/** `y`, `enter`, `escape`, `tab`, `shift+tab`, `ctrl+u`, `left`, …; for printable text the character itself. */
	readonly name: string;
	/** What it types into a field; empty for keys that type nothing. */
	readonly text: string;
	/** False when more keys arrived in the same chunk: such a key never confirms anything. */
	readonly alone: boolean;
}

/** What a popup needs from the program around it. */
export interface PopupEnvironment {
	/** undefined in read-only mode and before the session is there. */
	hands(): Hands | undefined;
	snapshot(): Snapshot;
	/** The short name of the environment (`prod`), for dialogs. */
	readonly label: string | undefined;
	/** One line in the status line: the outcome of an action. */
	say(text: string, tone?: 'ok' | 'warning' | 'error'): void;
	/** Shows the task that an action made or continued. */
	open(screen: ScreenRequest): void;
	/** One tick now, so that the screen below shows what the action did. */
	refresh(): void;
	copy(text: string, what: string): void;
	/** Hands a text to the person's editor; answers what was saved. Rejects with a sentence. Absent without a terminal. */
	edit?(text: string): Promise<string>;
	/** The database was asked to act on these: their rows say so (`cancelling…`). */
	begin(tasks: readonly TaskRef[], word: string): void;
	/** It answered: what was read back, undefined = nothing has changed. */
	end(tasks: readonly TaskRef[], word: string | undefined): void;
	/** Tasks that an action has done are not marked any more. */
	unmark(tasks: readonly TaskRef[]): void;
	/** Tasks that one bulk action takes at most. */
	readonly bulkCap: number;
}

/**
 * Hosts the one dialog or form that can be open. The shell makes one with `createPopupHost(environment)` of
 * `screens/popup-host.ts`, forwards keys and pastes while `scope` is set (all of them but ctrl+c and ctrl+z), and draws
 * the box over the body. `subscribe` tells when an answer of the database changed what it shows.
 */
export interface PopupHost {
	/**
	 * `form` while its fields have the keys, `prompt` while a line is typed, `dialog` while only the printed keys live,
	 * undefined when nothing is open.
	 */
	readonly scope: 'dialog' | 'form' | 'prompt' | undefined;
	/** Opens what an action asked for; anything open before is thrown away, unless it is at work. */
	open(request: ActRequest): void;
	press(key: PopupKey): void;
	/** A bracketed paste: goes into the field under the cursor, is ignored by dialogs. */
	paste(text: string): void;
	/** The box: at most `height` rows, all of the same width, at most `width`; empty when nothing is open. */
	draw(context: DrawContext): readonly string[];
	subscribe(listener: () => void): () => void;
}
