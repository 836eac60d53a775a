import type {ActionEntry} from './action-log.ts';
import type {BulkControl, BulkIntent, BulkKind, BulkPreview, BulkReport, BulkTask} from './bulk.ts';
import type {RunRef, State, TaskRef} from './snapshot.ts';

/** The four things that write. Everything else in the program only looks. */
export type ActionKind = 'retry' | 'cancel' | 'spawn' | 'emit';

/** How a task is retried. */
export interface RetryManner {
	/** As a new task (params copied, no checkpoints) instead of in place. */
	readonly spawnNew: boolean;
	/** In place: this many further attempts; undefined = one, as `retry_task` does by itself. */
	readonly extraAttempts: number | undefined;
}

export interface RetryIntent extends TaskRef, RetryManner {
	readonly kind: 'retry';
}

export interface CancelIntent extends TaskRef {
	readonly kind: 'cancel';
}

/** JSON members are texts exactly as typed, so that digits survive. */
export interface SpawnIntent {
	readonly kind: 'spawn';
	readonly queue: string;
	readonly taskName: string;
	readonly params: string;
	readonly headers: string | undefined;
	/** null = unlimited. */
	readonly maxAttempts: number | null;
	readonly retryStrategy: string | undefined;
	readonly cancellation: string | undefined;
	readonly idempotencyKey: string | undefined;
}

export interface EmitIntent {
	readonly kind: 'emit';
	readonly queue: string;
	readonly eventName: string;
	readonly payload: string;
}

export type Intent = RetryIntent | CancelIntent | SpawnIntent | EmitIntent;

/** What an action would hit and do, as the database says at this moment. */
export interface Preview {
	/** Facts of the task for the dialog, undefined for spawn and emit. */
	readonly task:
		| (TaskRef & {
				readonly name: string;
				readonly state: State;
				readonly attempts: number;
				readonly maxAttempts: number | null;
				readonly ageMs: number;
		  })
		| undefined;
	/** What will really happen, in sentences ("w-7:311 is running it and will notice at its next checkpoint; …"). */
	readonly consequences: readonly string[];
	/** Set when the action does not apply: the reason. The dialog then only says so. */
	readonly refusal: string | undefined;
}

/** What an action did. */
export type Outcome =
	| {
			readonly kind: 'done';
			/** One sentence with what the database answered and what was read back. */
			readonly sentence: string;
			/** What to show now: for spawn and retry the task that was made or continued, with its new run. */
			readonly task: RunRef | undefined;
			/** State of that task as it was read back. */
			readonly state?: State | undefined;
	  }
	/** The database refused; nothing was changed. */
	| {readonly kind: 'failed'; readonly sentence: string; readonly sqlstate: string | undefined}
	/** The connection broke before the answer: it may or may not have happened. */
	| {readonly kind: 'unknown'; readonly sentence: string};

/** What a task was spawned with; documents and numbers as texts, so that digits survive. */
export interface SpawnTemplate {
	readonly taskName: string;
	readonly params: string;
	readonly headers: string | undefined;
	/** null = unlimited. */
	readonly maxAttempts: number | null;
	readonly retry: {
		readonly kind: string | undefined;
		readonly base: string | undefined;
		readonly factor: string | undefined;
		readonly max: string | undefined;
	};
	readonly cancellation: {readonly maxDelay: string | undefined; readonly maxDuration: string | undefined};
}

/** Names that a form completes from. */
export interface Suggestions {
	readonly taskNames: readonly string[];
	readonly eventNames: readonly string[];
}

/**
 * The hands of the monitor: the only way to write, on a connection of their own that is opened when first needed.
 * In read-only mode no value of this type exists.
 */
export interface Hands {
	/** Why an action cannot work in this queue (no right, function missing in this schema), undefined when it can. */
	refusal(kind: ActionKind, queue: string): string | undefined;
	/** Asks the database what the intent would do now. Rejects with a sentence when it cannot be asked. */
	preview(intent: Intent): Promise<Preview>;
	/** Does it: one statement in one transaction. `reason` goes into the record. Never rejects. */
	perform(intent: Intent, reason?: string): Promise<Outcome>;
	/** Counts what a bulk action would do, at this moment. Rejects with a sentence when it cannot be asked. */
	previewBulk(intent: BulkIntent): Promise<BulkPreview>;
	/**
	 * Acts on the tasks that a preview counted, and on no others. Retries in place, one further attempt each, unless
	 * `manner` says otherwise. Never rejects.
	 */
	performBulk(
		kind: BulkKind,
		tasks: readonly BulkTask[],
		control: BulkControl,
		reason?: string,
		manner?: RetryManner,
	): Promise<BulkReport>;
	/** What was done in this session and what an earlier one left open, the newest first. */
	log?(): readonly ActionEntry[];
	/** Somebody has looked at the log: what an earlier session left open is not told again at the next start. */
	logSeen?(): void;
	/** Task names seen lately and names of awaited events of a queue, found without scanning. */
	suggest(queue: string): Promise<Suggestions>;
	/** The usual `max_attempts` of a task name lately; undefined when unknown, null = unlimited. */
	usualMaxAttempts(queue: string, taskName: string): Promise<number | null | undefined>;
	/** What a task was spawned with, for a form that spawns another one like it. Rejects with a sentence. */
	template(task: TaskRef): Promise<SpawnTemplate>;
	close(): Promise<void>;
}
