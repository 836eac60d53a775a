import type {FetchedValue} from './big-document.ts';
import type {Relations} from './relations.ts';
import type {Duration, Instant, RunRef, State} from './snapshot.ts';
import type {LikelyStep} from './usual-steps.ts';

/**
 * A JSON value of the database as text with all its digits. Big ones are not transferred whole (database.md 18):
 * `text` is then only the head.
 */
export interface Document {
	/** Size as stored, bytes. */
	readonly bytes: number;
	readonly text: string;
	/** False when `text` is only the beginning. */
	readonly complete: boolean;
}

/** One attempt. */
export interface RunSnapshot {
	readonly runId: string;
	readonly attempt: number;
	readonly state: State;
	readonly worker: string | undefined;
	readonly createdAt: Instant;
	/** The LAST claim: `completedAt − startedAt` is only the last leg of a run that slept. */
	readonly startedAt: Instant | undefined;
	readonly availableAt: Instant;
	readonly completedAt: Instant | undefined;
	readonly failedAt: Instant | undefined;
	readonly leaseExpiresAt: Instant | undefined;
	readonly wakeEvent: string | undefined;
	readonly eventPayload: Document | undefined;
	readonly failure: RunFailure | undefined;
	readonly result: Document | undefined;
}

/** A failure reason taken apart: title = name or `Error`, text = message, trace = stack or traceback (absurd.md 3.5). */
export interface RunFailure {
	readonly name: string;
	readonly message: string;
	readonly trace: string | undefined;
	/** What caused it, and what caused that, where the error was stored with its causes: `TypeError: fetch failed`. */
	readonly causes?: readonly string[];
	/** The whole reason as text. */
	readonly document: Document;
}

export interface CheckpointSnapshot {
	readonly name: string;
	/** `committed`, or whatever a later release writes. */
	readonly status: string;
	readonly ownerRunId: string | undefined;
	readonly updatedAt: Instant;
	/**
	 * Time since the previous checkpoint of the same run, or since the claim for the first: how long the step took.
	 * undefined where a sleep, a wait or a new claim in between makes that unknowable.
	 */
	readonly duration: Duration | undefined;
	readonly state: Document | undefined;
}

export interface WaitSnapshot {
	readonly runId: string;
	readonly stepName: string;
	readonly eventName: string;
	/** undefined = waits for ever. */
	readonly timeoutAt: Instant | undefined;
	readonly createdAt: Instant;
}

/** Everything about one task that the run detail screen shows. */
export interface RunDetail extends RunRef {
	readonly taskName: string;
	readonly state: State;
	readonly attempts: number;
	readonly maxAttempts: number | null;
	readonly enqueuedAt: Instant;
	readonly firstStartedAt: Instant | undefined;
	readonly cancelledAt: Instant | undefined;
	readonly idempotencyKey: string | undefined;
	readonly tenant: string | undefined;
	readonly params: Document;
	readonly headers: Document | undefined;
	readonly retryStrategy: Document | undefined;
	readonly cancellation: Document | undefined;
	readonly result: Document | undefined;
	/** Oldest attempt first. At most 200, the newest; `runCount` says how many there are. */
	readonly runs: readonly RunSnapshot[];
	readonly runCount: number;
	/** Oldest first. At most 1,000, the newest. */
	readonly checkpoints: readonly CheckpointSnapshot[];
	/** How many there are: capped, so `atLeast` beyond 5,000. */
	readonly checkpointCount: number;
	readonly waits: readonly WaitSnapshot[];
	/** Parts of large documents that were asked for, under `addressKey`. */
	readonly fetched: ReadonlyMap<string, FetchedValue>;
	/** The tasks around it, once somebody looks at them. */
	readonly relations: Relations | undefined;
	/** What it is probably doing; undefined when it does not run, or nobody can guess. */
	readonly likely: LikelyStep | undefined;
	/** Why the task is in this state and what happens next, in one or two sentences (absurd.md 3.3). */
	readonly why: string;
}
