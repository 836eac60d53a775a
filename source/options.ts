import type {SavedFilter} from './monitor/filter/book.ts';
import type {LabelColour} from './terminal/theme.ts';

/** Everything that flags, environment and configuration decide. Made once, in `readOptions`. */
export interface Options {
	/** Where to connect to, as the person wrote it (URL, conninfo, name); undefined = environment and defaults. */
	readonly database: string | undefined;
	readonly host: string | undefined;
	readonly port: string | undefined;
	readonly user: string | undefined;
	/** Only these queues; empty = all. */
	readonly queues: readonly string[];
	/** Milliseconds between two ticks. */
	readonly interval: number;
	readonly readOnly: boolean;
	/** Tasks that one bulk action takes at most. */
	readonly bulkCap: number;
	/** File that actions are recorded in; undefined = none. */
	readonly audit: string | undefined;
	readonly demo: boolean;
	/** Headless: print instead of opening the screen. */
	readonly once: false | 'text' | 'json' | 'csv';
	/** Headless: how many readings are printed, one every interval. */
	readonly count: number;
	/** Headless: only the claims and failures (CSV: the queues) that pass; a filter that was checked. */
	readonly filter: string | undefined;
	readonly ascii: boolean;
	readonly colour: boolean;
	/** Instants in UTC instead of the terminal's time zone. */
	readonly utc: boolean;
	/** A short name of the environment (`prod`) for header and dialogs. */
	readonly label: string | undefined;
	readonly labelColour: LabelColour | undefined;
	/** Filters of the profile, to walk back to on the screen. */
	readonly savedFilters: readonly SavedFilter[];
	/** Server time the ticks may use, milliseconds a second of wall time; lengthens the interval. */
	readonly maxDbMs: number | undefined;
	/** File for our own errors and warnings. */
	readonly debugLog: string | undefined;
}
