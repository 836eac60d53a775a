import type {BulkKind} from './bulk.ts';
import type {ActionKind} from './hands.ts';
import type {TaskRef} from './snapshot.ts';

/** One line of the log of actions: what was meant and what became of it. */
export interface ActionEntry {
	/** Of the record's intent line. */
	readonly id: string;
	/** This machine's clock, milliseconds since the epoch. */
	readonly at: number;
	readonly kind: ActionKind | BulkKind;
	/** What it was done to: `task … in queue mail`, `12 tasks`. */
	readonly subject: string;
	/** Where: `jobs on db1:5432`. */
	readonly place: string;
	readonly tasks: readonly TaskRef[];
	/** Those of them of which nothing is recorded that tells whether it happened. */
	readonly open: readonly TaskRef[];
	/** Queues that it was done in. */
	readonly queues: readonly string[];
	/** `running` until there is an outcome; `unknown` for an intent of an earlier session that has none. */
	readonly outcome: 'running' | 'done' | 'failed' | 'unknown';
	readonly sentence: string;
	/** Why it was done, in the words of who did it. */
	readonly reason?: string | undefined;
	/** Of an earlier session of this program. */
	readonly earlier: boolean;
}
