import type {Instant, RunRef} from './snapshot.ts';

/** What a worker holds and finished lately in one queue; `worker` is empty where Absurd kept no name. */
export interface WorkerRuns {
	readonly queue: string;
	readonly worker: string;
	/** Runs that it holds, and those of them whose lease has run out or that have none. */
	readonly held: number;
	readonly expired: number;
	readonly unleased: number;
	/** Finished within the last five minutes. */
	readonly completed: number;
	readonly failed: number;
	/** Of the failed ones those that lost their lease. */
	readonly timeouts: number;
	readonly lastClaimAt: Instant | undefined;
	/** More rows were there than were read: the figures are lower bounds. */
	readonly capped: boolean;
}

/** A session of the database that polls for work. */
export interface Poller {
	readonly host: string | undefined;
	readonly application: string;
	readonly active: boolean;
	readonly polledAt: Instant;
}

/** An event that is awaited, or was emitted. */
export interface EventRow {
	readonly queue: string;
	readonly name: string;
	/** Undefined for one that was emitted. */
	readonly awaited:
		| {
				readonly waiters: number;
				/** More wait than were counted. */
				readonly capped: boolean;
				readonly oldestAt: Instant;
				readonly nextTimeoutAt: Instant | undefined;
				readonly withoutTimeout: number;
				/** The one that waits longest. */
				readonly run: RunRef;
		  }
		| undefined;
	readonly emitted: {readonly at: Instant; readonly payloadBytes: number} | undefined;
}

/** A run that wakes up by itself. */
export interface WakeUp extends RunRef {
	readonly taskName: string;
	readonly attempt: number;
	readonly maxAttempts: number | null;
	readonly dueAt: Instant;
	readonly kind: 'retry' | 'timer' | 'timeout';
	readonly event: string | undefined;
}

/** Rows of several queues, read some queues a tick. */
export interface QueueRows<Row> {
	readonly rows: readonly Row[];
	/** Queues that were read, and how many there are. */
	readonly read: number;
	readonly queues: number;
	/** When the oldest of these readings was made. */
	readonly oldestAt: Instant | undefined;
	readonly unread: readonly {readonly queue: string; readonly sentence: string}[];
	/** What was left out of queues that were read, and why. */
	readonly notes?: readonly {readonly queue: string; readonly sentence: string}[] | undefined;
}
