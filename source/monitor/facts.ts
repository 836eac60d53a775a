import type {Duration, Instant} from './snapshot.ts';

/**
 * What the rules know besides the Snapshot: slow facts about storage, waits, policies and other sessions, each asked
 * for by itself, so that one that cannot be read leaves the others alone.
 */
export type Fact<T> =
	| {readonly kind: 'known'; readonly value: T}
	/** A sentence that says why. */
	| {readonly kind: 'unknown'; readonly reason: string};

/** Sizes and policy of one queue, from the catalogue and the planner's statistics. */
export interface StorageFacts {
	/** Rows of its tasks as last counted by the planner; undefined = never analysed. */
	readonly taskRows: number | undefined;
	readonly taskBytes: number;
	/** An index serves the look for tasks to cancel that every claim begins with. */
	readonly sweepIndexed: boolean;
	readonly eventRows: number | undefined;
	/** An index serves the look for the oldest event. */
	readonly eventsIndexed: boolean;
	/** Dead and live rows of tasks and runs; undefined where the server keeps no such statistics (a standby). */
	readonly dead: {readonly rows: number; readonly live: number; readonly vacuumedAt: Instant | undefined} | undefined;
	/** Policy; undefined on releases before 0.4.0. */
	readonly cleanupTtl: Duration | undefined;
	readonly defaultPartition: 'enabled' | 'disabled' | undefined;
	readonly lookahead: Duration | undefined;
	readonly detachMode: string | undefined;
	readonly detachMinAge: Duration | undefined;
	/** Detached weekly partitions that nobody has dropped. */
	readonly leftovers: readonly string[];
}

/** One partition of one of the four partitioned tables. */
export interface PartitionFacts {
	readonly parent: string;
	readonly name: string;
	readonly isDefault: boolean;
	/** Undefined for the default partition. */
	readonly from: Instant | undefined;
	readonly until: Instant | undefined;
	readonly detachPending: boolean;
	/** Holds no row. Only looked at for the default partition and for those past their time; else undefined. */
	readonly empty: boolean | undefined;
}

/** Whether the indexes that claims and this program live on are there. */
export interface IndexFacts {
	/** An index on `(state, available_at)` of its runs: claims need it, and so does every tick. */
	readonly byState: boolean;
	/** An index of its runs by task. */
	readonly byTask: boolean;
	/** Indexes that Postgres does not use: building them failed. */
	readonly invalid: readonly string[];
}

/** A task that is put off again and again without a step being done. */
export interface DeferredTask {
	readonly taskId: string;
	readonly runId: string;
	readonly taskName: string;
	/** When it was first claimed. */
	readonly since: Instant;
}

/** An event that somebody waits for. */
export interface AwaitedEvent {
	readonly name: string;
	/** Tasks that wait, counted to a cap; how many of them for ever; since when the longest of those. */
	readonly waiters: number;
	readonly capped: boolean;
	readonly untimed: number;
	readonly oldestUntimed: Instant | undefined;
	readonly emitted: boolean;
}

/** A task that its own policy is about to cancel. */
export interface CancellationClock {
	readonly taskId: string;
	readonly runId: string;
	readonly taskName: string;
	readonly policy: 'max_duration' | 'max_delay';
	readonly limit: Duration;
	readonly strikesAt: Instant;
}

/** How long a step took lately and before, medians. */
export interface StepFacts {
	readonly taskName: string;
	readonly step: string;
	readonly recent: Duration;
	readonly recentSamples: number;
	readonly before: Duration;
	readonly beforeSamples: number;
}

/** A run and how long it has been in the step that it runs now, beside how long that usually takes. */
export interface RunningStep {
	readonly taskId: string;
	readonly runId: string;
	readonly taskName: string;
	/** What was saved last since its last claim; undefined = nothing yet. */
	readonly after: string | undefined;
	/** The step that usually comes next, which is a guess; undefined = most runs are over then. */
	readonly probable: string | undefined;
	/** The last checkpoint, or the claim. */
	readonly since: Instant;
	/** Median and longest of finished runs from the same point on. */
	readonly usual: Duration;
	readonly longest: Duration;
	readonly samples: number;
}

/** The slow facts about one queue. */
export interface QueueFacts {
	readonly storage: Fact<StorageFacts>;
	readonly indexes: Fact<IndexFacts>;
	/** Empty for a queue that is not partitioned. */
	readonly partitions: Fact<readonly PartitionFacts[]>;
	readonly deferred: Fact<readonly DeferredTask[]>;
	readonly awaited: Fact<readonly AwaitedEvent[]>;
	readonly cancellations: Fact<readonly CancellationClock[]>;
	/** When the task that was created first of those that are over ended; null = none among the oldest. */
	readonly oldestFinished: Fact<Instant | null>;
	readonly oldestEvent: Fact<Instant | null>;
	readonly steps: Fact<readonly StepFacts[]>;
	/** Of the runs that were claimed first, those whose task name has finished runs to compare with. */
	readonly running: Fact<readonly RunningStep[]>;
}

/** A session that keeps others from a queue's tables, or could. */
export interface LockHolder {
	readonly pid: number;
	readonly user: string | undefined;
	readonly application: string | undefined;
	readonly state: string | undefined;
	/** How long its transaction has been open; undefined where the role may not see it. */
	readonly openFor: Duration | undefined;
	/** What it runs or ran last. */
	readonly query: string | undefined;
	/** Tables of Absurd that it holds locks on. */
	readonly tables: readonly string[];
	/** Sessions that wait for it. */
	readonly blocked: number;
	/** It holds a lock that keeps even readers or writers of a whole table out. */
	readonly strong: boolean;
}

/** Something that keeps dead rows from being removed. */
export interface HorizonHolder {
	/** `hidden` is none: this role does not see since when the transactions of others are open. */
	readonly kind: 'transaction' | 'slot' | 'prepared' | 'hidden';
	/** `pid 4711`, the slot's or the prepared transaction's name. */
	readonly name: string;
	readonly user: string | undefined;
	readonly application: string | undefined;
	/** How long it has been open; undefined for a slot. */
	readonly openFor: Duration | undefined;
	/** Transactions begun since its snapshot. */
	readonly transactions: number;
}

/** A job of pg_cron that calls Absurd. */
export interface CronJob {
	readonly name: string;
	readonly command: string;
	readonly active: boolean;
	/** Of its last run; undefined when none is on record. */
	readonly status: string | undefined;
	readonly message: string | undefined;
	readonly startedAt: Instant | undefined;
}

/** The slow facts about the whole database. */
export interface ServerFacts {
	readonly locks: Fact<readonly LockHolder[]>;
	readonly horizon: Fact<readonly HorizonHolder[]>;
	readonly cron: Fact<readonly CronJob[]>;
}

/** One question: a few statements about the whole database or about one queue. */
export type CheckupQuestion = {readonly part: 'server'} | {readonly part: 'queue'; readonly queue: string};

/** What it is answered with. */
export type CheckupAnswer =
	| {readonly part: 'server'; readonly facts: ServerFacts}
	| {readonly part: 'queue'; readonly facts: QueueFacts};
