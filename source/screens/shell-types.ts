import type {Input} from '../keys/input.ts';
import type {Clock} from '../monitor/clock.ts';
import type {SavedFilter} from '../monitor/filter/book.ts';
import type {Hands} from '../monitor/hands.ts';
import type {Monitor} from '../monitor/monitor.ts';
import type {Snapshot} from '../monitor/snapshot.ts';
import type {Theme} from '../terminal/theme.ts';
import type {Frame} from './frame.ts';
import type {PopupEnvironment, PopupHost} from './popup.ts';
import type {ScreenRequest} from './screen.ts';
import type {View} from './view.ts';

/** What the shell needs from the rooms around it. */
export interface ShellOptions {
	readonly monitor: Monitor;
	/** undefined in read-only mode and before the session is there. */
	readonly hands: () => Hands | undefined;
	readonly theme: Theme;
	readonly label: string | undefined;
	readonly utc: boolean;
	readonly clock: Clock;
	/** Filters that a person keeps, from the configuration. */
	readonly savedFilters?: readonly SavedFilter[];
	readonly columns: number;
	readonly rows: number;
	/** Tasks that one bulk action takes at most. */
	readonly bulkCap?: number | undefined;
	openView(request: ScreenRequest, snapshot: Snapshot): View;
	createPopups(environment: PopupEnvironment): PopupHost;
	/** Puts text on the clipboard; answers why not, undefined when it was sent. */
	copy(text: string): string | undefined;
	/** Hands a text to the person's editor; answers what was saved. Rejects with a sentence. */
	edit?(text: string): Promise<string>;
	suspend(): void;
	redraw(): void;
	/** Ends the program: with an exit code, or with what went wrong. */
	quit(reason: number | Error): void;
}

/** Everything on the screen and everything keys do, without React: events in, frames out. */
export interface Shell {
	readonly input: Input;
	/** The same object until something looks different. */
	frame(): Frame;
	subscribe(listener: () => void): () => void;
	resize(columns: number, rows: number): void;
	close(): void;
}
