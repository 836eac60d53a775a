import type {FinishGroup} from './finish-window.ts';
import type {ProbeKind, ProbeOf, Probes} from './probe.ts';
import type {Duration, Instant, SessionFacts, State, Trouble} from './snapshot.ts';
import type {NamedFinish} from './type-tally.ts';

/** One queue of the registry as the catalogue knows it. */
export interface CatalogueQueue {
	readonly name: string;
	readonly storageMode: 'unpartitioned' | 'partitioned';
	/** Tells its tables from others that had the same name before. */
	readonly tables: string;
	/** False where the role has no SELECT on its runs or tasks; undefined where a table is missing. */
	readonly readable: boolean | undefined;
	/** Planner's row count of the runs, all partitions together; undefined = never analysed. */
	readonly runRows: number | undefined;
}

/** How the registry answered; `no-schema` and `no-rights` are states to draw, not errors. */
export type Catalogue =
	| {readonly kind: 'queues'; readonly now: Instant; readonly queues: readonly CatalogueQueue[]}
	| {readonly kind: 'no-schema'}
	| {readonly kind: 'no-rights'; readonly trouble: Trouble}
	| {readonly kind: 'failed'; readonly trouble: Trouble};

/** Rows written to a queue's runs since the server's statistics began: a hint, 0 on a standby. */
export type Counters = ReadonlyMap<string, number>;

/** Counts of what is alive in one queue; each state's count stops at the cap that was asked for. */
export interface LiveFigures {
	readonly now: Instant;
	readonly pending: number;
	readonly pendingDue: number;
	readonly pendingOldest: Instant | undefined;
	readonly running: number;
	readonly expired: number;
	readonly runningOldest: Instant | undefined;
	readonly runningNewest: Instant | undefined;
	readonly sleeping: number;
	readonly sleepingDue: number;
	readonly retrying: number;
	readonly timers: number;
	readonly waiting: number;
	readonly sleepingOldest: Instant | undefined;
	readonly nextDue: Instant | undefined;
}

/** A run in state `running`. */
export interface ClaimRow {
	readonly runId: string;
	readonly taskId: string;
	/** undefined when the task row is gone. */
	readonly taskName: string | undefined;
	readonly maxAttempts: number | null;
	readonly attempt: number;
	readonly worker: string | undefined;
	readonly claimedAt: Instant;
	readonly leaseExpiresAt: Instant | null;
}

/** How far a reading of one state went: rows looked at, and the claims between which they lie. */
export interface Scanned {
	readonly rows: number;
	readonly oldest: Instant | undefined;
	readonly newest: Instant | undefined;
}

/** What finished after an instant. */
export interface Finished {
	readonly now: Instant;
	/** Everything that finished until then is among the settled groups of this reading or of an earlier one. */
	readonly settledUntil: Instant;
	readonly completed: Scanned;
	readonly failed: Scanned;
	readonly groups: readonly FinishGroup[];
	/** What settled in this reading, by task name. */
	readonly names: readonly NamedFinish[];
}

/** An ended (or still living) run found by key or among the newest failures. */
export interface EndedRow {
	readonly state: State;
	readonly runId: string;
	readonly taskId: string;
	readonly attempt: number;
	readonly worker: string | undefined;
	readonly claimedAt: Instant;
	readonly leaseExpiresAt: Instant | undefined;
	/** `completed_at` or `failed_at`. */
	readonly finishedAt: Instant | undefined;
	readonly errorName: string | undefined;
	readonly errorMessage: string | undefined;
	readonly reasonBytes: number | undefined;
	readonly taskName: string | undefined;
	readonly maxAttempts: number | null;
	readonly taskState: State | undefined;
	/** It is the last run of its task. */
	readonly isLast: boolean;
}

/** What has become of a task. */
export interface OutcomeRow {
	readonly taskId: string;
	readonly state: State;
	readonly lastRunId: string | undefined;
}

/** The newest checkpoint of a task. */
export interface CheckpointRow {
	readonly taskId: string;
	/** How many it has; at the cap the newest is not known. */
	readonly checkpoints: number;
	readonly name: string | undefined;
	readonly at: Instant | undefined;
}

/** A question about one queue, and what it is answered with (`Answers`). Instants may be ±Infinity. */
export type Ask = {readonly queue: string} & (
	| {
			readonly kind: 'live';
			readonly pendingFrom: Instant;
			readonly runningFrom: Instant;
			readonly sleepingFrom: Instant;
			readonly rows: number;
	  }
	| {readonly kind: 'claims'; readonly runningFrom: Instant; readonly rows: number}
	| {
			readonly kind: 'finished';
			readonly claimedFrom: Instant;
			readonly finishedAfter: Instant;
			/** What finished before this is told by slots of half a minute and without its duration. */
			readonly fineFrom: Instant;
			/** What finished less than this ago may still be joined by late commits. */
			readonly settle: Duration;
			/** How many of those that settled are told by name; 0 = none. */
			readonly named: number;
			readonly rows: number;
	  }
	| {readonly kind: 'seed'; readonly rows: number}
	| {
			readonly kind: 'failures';
			readonly claimedFrom: Instant;
			readonly finishedAfter: Instant;
			readonly rows: number;
			readonly kept: number;
	  }
	| {readonly kind: 'predecessors'; readonly rows: number; readonly ended: number; readonly kept: number}
	| {readonly kind: 'ended'; readonly runs: readonly string[]}
	| {readonly kind: 'outcomes'; readonly tasks: readonly string[]}
	| {readonly kind: 'checkpoints'; readonly tasks: readonly string[]; readonly rows: number}
	| {
			readonly kind: 'deep-count';
			readonly state: 'pending' | 'running' | 'sleeping';
			readonly from: Instant;
			readonly until: Instant;
			readonly rows: number;
	  }
);

/** What each kind of question is answered with. */
export type Found =
	| {readonly kind: 'live'; readonly value: LiveFigures}
	| {readonly kind: 'claims'; readonly value: readonly ClaimRow[]}
	| {readonly kind: 'finished'; readonly value: Finished}
	| {readonly kind: 'seed'; readonly value: readonly {readonly bucket: number; readonly runs: number}[]}
	| {readonly kind: 'failures' | 'predecessors' | 'ended'; readonly value: readonly EndedRow[]}
	| {readonly kind: 'outcomes'; readonly value: readonly OutcomeRow[]}
	| {readonly kind: 'checkpoints'; readonly value: readonly CheckpointRow[]}
	| {readonly kind: 'deep-count'; readonly value: number};

export type AskResult =
	| {readonly kind: 'found'; readonly found: Found}
	| {readonly kind: 'error'; readonly trouble: Trouble}
	/** Not run: the deadline passed before its turn. */
	| {readonly kind: 'skipped'};

export interface AskAnswer {
	readonly ask: Ask;
	readonly result: AskResult;
	/** Time it took as seen by the client, milliseconds; undefined when the session cannot tell. */
	readonly duration: Duration | undefined;
}

export interface TickAnswer {
	/** Database time just after the snapshot that all answers share was taken; undefined when even that failed. */
	readonly now: Instant | undefined;
	readonly standby: boolean;
	/** How far a standby lies behind; undefined where this is none or it cannot be told. */
	readonly replayLag: Duration | undefined;
	/** Rows written by queue: those that were asked, others in turns. Undefined when they could not be read. */
	readonly counters: Counters | undefined;
	/** Queues on whose tables an AccessExclusiveLock is held or awaited. */
	readonly locked: ReadonlySet<string>;
	readonly answers: readonly AskAnswer[];
	/** From sending to the last answer. */
	readonly duration: Duration;
	/** The registry, when it was asked for. */
	readonly catalogue: Catalogue | undefined;
	/** Server time between the first statement and the last; undefined when the tick did not get that far. */
	readonly serverTime: Duration | undefined;
	/** The deadline passed. */
	readonly late: boolean;
	/** Set when the tick's own statements (clock, counters, locks) failed. */
	readonly trouble: Trouble | undefined;
}

/**
 * The database as the poller asks it: typed rows, no SQL. One question at a time: callers await. Every method rejects
 * with a SourceError when the connection is lost.
 */
export interface Source {
	/** Who answers, as of the last reading of the registry. */
	readonly facts: SessionFacts;
	/** Reads the registry of queues and remembers what their tables are. Needed before the first tick. */
	catalogue(deadline: Duration): Promise<Catalogue>;
	/** One transaction and one round trip: clock, counters, locks, the questions, and the registry where asked for. */
	tick(asks: readonly Ask[], deadline: Duration, refreshCatalogue: boolean): Promise<TickAnswer>;
	/** Answers the question of a screen. */
	probe<Kind extends ProbeKind>(probe: ProbeOf<Kind>, deadline: Duration): Promise<Probes[Kind]['answer']>;
	/** Calls back once when the connection is lost. */
	onLost(listener: (trouble: Trouble) => void): void;
	close(): Promise<void>;
}

/** Connects. Rejects with an Error whose message is a sentence. */
export type SourceFactory = () => Promise<Source>;

/** A question failed as a whole. `lost` when the connection is gone and another one must be made. */
export class SourceError extends Error {
	readonly trouble: Trouble;
	readonly lost: boolean;

	constructor(trouble: Trouble, lost: boolean, options?: ErrorOptions) {
		super(trouble.sentence, options);
		this.name = 'SourceError';
		this.trouble = trouble;
		this.lost = lost;
	}
}

/** What an error of a question or of connecting says, as trouble to show. */
export function troubleOf(error: unknown): Trouble {
	if (error instanceof SourceError) return error.trouble;
	if (error instanceof Error) {
		const code = 'sqlstate' in error && typeof error.sqlstate === 'string' ? error.sqlstate : undefined;
		return {sentence: error.message, sqlstate: code};
	}
	return {sentence: String(error), sqlstate: undefined};
}
