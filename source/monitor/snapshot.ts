import type {Caveats} from './caveats.ts';

/**
 * The Snapshot: one immutable value with everything that a frame shows. The poller makes a new one after each tick;
 * screens only read it. Instants are database time in milliseconds since the epoch (fractions allowed, `Infinity` for
 * Postgres' `infinity`), durations are milliseconds, ids are full UUIDs. Texts are raw: whoever draws sanitises them.
 */

/** Database time, milliseconds since the epoch. */
export type Instant = number;

/** Milliseconds. */
export type Duration = number;

/** The six states of tasks and runs (absurd.md 3.1). */
export type State = 'pending' | 'running' | 'sleeping' | 'completed' | 'failed' | 'cancelled';

/** A task by its full id; ids are only unique together with their queue. */
export interface TaskRef {
	readonly queue: string;
	readonly taskId: string;
}

/** A run of a task. */
export interface RunRef extends TaskRef {
	readonly runId: string;
}

/** A count: `exact`; `atLeast` when counting stopped at a cap (drawn `≥10k`); `estimate` from statistics (`~1.0M`). */
export interface Count {
	readonly value: number;
	readonly exactness: 'exact' | 'atLeast' | 'estimate';
	/** When it was counted, where that is not the time of the queue's last reading. */
	readonly at?: Instant;
}

/** Severity of a finding and of a queue's trouble; the trouble order sorts by it. */
export type Severity = 'critical' | 'warning' | 'ok';

/** A queue could not be read; its figures are those of the last good reading, if there was one. */
export interface QueueTrouble {
	/** One sentence: what failed on what, and what to do. */
	readonly sentence: string;
	readonly sqlstate: string | undefined;
	/** When it is tried again. */
	readonly retryAt: Instant;
}

/** Percentiles of `completed_at − started_at` of last legs in the window, from histograms (database.md 11). */
export interface RunTime {
	readonly p50: Duration;
	readonly p95: Duration;
	readonly samples: number;
	/** True while most of it comes from the rows read at start (drawn as `seed`). */
	readonly seed: boolean;
}

/** Runs that finished in one slot of half a minute. */
export interface PastSlot {
	readonly completed: number;
	readonly failed: number;
}

/** What finished in the last half hour: 60 whole slots of 30 s, which begin at multiples of 30 s. */
export interface Past {
	/** The end of the last slot. */
	readonly until: Instant;
	/** Oldest first, by the time of finishing; undefined = a gap: not known, or not all of it. */
	readonly slots: readonly (PastSlot | undefined)[];
	/** What finished before this was read from the index when the program started; drawn with a mark. */
	readonly liveFrom: Instant;
}

/** How long until the ready runs are taken: design.md, definition of *drains*. */
export type Drains =
	| {readonly kind: 'in'; readonly duration: Duration}
	/** `growth`: ready runs a second more. */
	| {readonly kind: 'never'; readonly growth?: number | undefined}
	| {readonly kind: 'unknown'};

/** One queue of the overview. Counts are undefined until the queue was read for the first time. */
export interface QueueSnapshot {
	readonly name: string;
	readonly storageMode: 'unpartitioned' | 'partitioned';
	readonly severity: Severity;
	/** Set while the queue cannot be read. */
	readonly trouble: QueueTrouble | undefined;
	/** When its figures were read; undefined before the first reading. */
	readonly readAt: Instant | undefined;
	/** Runs `pending` or `sleeping` whose `available_at` has passed: claimable now. */
	readonly ready: Count | undefined;
	/** Smallest `available_at` of the ready ones; age = now − this. */
	readonly oldestReadyAt: Instant | undefined;
	readonly running: Count | undefined;
	/** Running with a lease that has run out. */
	readonly expired: Count | undefined;
	/** Sleeping, not due, waiting for the back-off of a retry / a timer / an event. */
	readonly retrying: Count | undefined;
	readonly sleeping: Count | undefined;
	readonly waiting: Count | undefined;
	/** The three counts above are the split of only this many soonest sleepers. */
	readonly splitOf: number | undefined;
	/** Failed attempts and all finished runs (completed + failed attempts) of the last 5 minutes by finish time. */
	readonly fail5m: {readonly failed: number; readonly finished: number} | undefined;
	/** Completed runs a second over the last 60 s of known data. */
	readonly donePerSecond: number | undefined;
	/** Completed runs in each of ten 30 s buckets, oldest first; undefined = not known. */
	readonly trend: readonly (number | undefined)[];
	/** What is to be said of the three figures above; absent = nothing. */
	readonly caveats?: Caveats | undefined;
	/** undefined before finished runs were read for the first time. */
	readonly past: Past | undefined;
	readonly runTime: RunTime | undefined;
	readonly drains: Drains;
	/** Rows of finished and live runs together, from the planner's statistics; undefined = never analysed. */
	readonly history: Count | undefined;
	/** Newest `started_at` seen: when somebody last claimed from this queue. */
	readonly lastClaimAt: Instant | undefined;
	/** The earliest future `available_at` of a sleeper: when something becomes due. */
	readonly nextDueAt: Instant | undefined;
}

/** The last checkpoint of a running claim, and a guess at the step that runs now. */
export interface ClaimProgress {
	readonly checkpoint: string;
	readonly at: Instant;
	/** When this was read (they are read sparingly, database.md 9). */
	readonly readAt: Instant;
}

/** A run in state `running`. */
export interface Claim extends RunRef {
	readonly taskName: string;
	readonly attempt: number;
	/** null = unlimited. */
	readonly maxAttempts: number | null;
	readonly worker: string | undefined;
	/** `started_at`: the last claim of this run. */
	readonly claimedAt: Instant;
	/** null = claimed without a lease, never reaped. */
	readonly leaseExpiresAt: Instant | null;
	/** The longest `claim_expires_at − now` seen for this run: the full lease bar. */
	readonly leaseSpan: Duration | undefined;
	/** undefined = not read yet; null = this task has no checkpoint. */
	readonly progress: ClaimProgress | null | undefined;
}

/** A failed attempt. */
export interface Failure extends RunRef {
	readonly taskName: string;
	readonly attempt: number;
	readonly maxAttempts: number | null;
	readonly failedAt: Instant;
	/** What became of the task: this was its last attempt / another one follows or followed / cancelled. */
	readonly outcome: 'dead' | 'retried' | 'cancelled';
	/** State of the task when it was read. */
	readonly taskState: State;
	readonly errorName: string;
	readonly errorMessage: string;
	readonly worker: string | undefined;
	/** For `$ClaimTimeout`: when the lease had run out (`failedAt` is when somebody noticed). */
	readonly leaseEndedAt: Instant | undefined;
}

/** Something that is wrong, found by a rule over the Snapshot. */
export interface Finding {
	/** Id of the rule, for example `stale-leases`. */
	readonly rule: string;
	readonly severity: Exclude<Severity, 'ok'>;
	readonly queue: string | undefined;
	/** One short sentence with the numbers in it. */
	readonly sentence: string;
	/** Where the rows are that prove it. */
	readonly proof?: Proof | undefined;
	/** What to do about it, as text to copy. It is never run by itself. */
	readonly remedy?: string;
}

/**
 * The rows that prove a finding, those of its queue: in a panel of the overview or on another screen, narrowed by a
 * filter; a run; or the Doctor's own text.
 */
export type Proof =
	| {readonly panel: 'queues' | 'claims' | 'failures'; readonly filter?: string | undefined}
	| {readonly screen: 'run'; readonly run: RunRef}
	| {readonly screen: 'events' | 'tasks' | 'storage'; readonly filter?: string | undefined}
	| {readonly screen: 'doctor'};

/** One rule and what it says now: it holds where there are findings, and not where nothing is unknown either. */
export interface Check {
	readonly rule: string;
	/** What is looked for, as a phrase. */
	readonly title: string;
	/** Worst first. */
	readonly findings: readonly Finding[];
	/** Queues (undefined: the database) for which it cannot be known, and why. */
	readonly unknown: readonly {readonly queue: string | undefined; readonly reason: string}[];
	/** Those of the findings, a line each; where there are none, an example. */
	readonly remedy: string;
}

/** What one kind of statement cost in the last tick that ran it. */
export interface ProbeCost {
	/** The name of the file in sql/ without its ending. */
	readonly probe: string;
	readonly kind: 'tick' | 'screen' | 'asked';
	/** Statements of this name in that tick, their rows, and the time until their answers arrived together. */
	readonly statements: number;
	readonly rows: number;
	readonly duration: Duration;
	readonly at: Instant;
	/** Set while it backs off: the sentence that says why. */
	readonly trouble: string | undefined;
}

/** The facts of a session that the header and the badges show. */
export interface SessionFacts {
	readonly user: string;
	/** Host name, address or socket directory as connected. */
	readonly host: string;
	readonly port: number;
	readonly database: string;
	/** As `server_version`, for example `17.5`. */
	readonly serverVersion: string;
	/** `get_schema_version()`, or the oldest release that has what was found (drawn `≥ 0.1.0`). */
	readonly schemaVersion: string;
	/** A pooler stands between us and the server. */
	readonly pooled: boolean;
	/** PGlite: one session for all clients. */
	readonly embedded: boolean;
	/** `pg_is_in_recovery()`. */
	readonly standby: boolean;
	/** Which wall keeps us from writing, undefined when writing is possible. */
	readonly readOnly: 'session' | 'transaction' | 'standby' | undefined;
	readonly tls: boolean;
}

/** Why there is no data, when asking again may help or a person must do something. */
export interface Trouble {
	readonly sentence: string;
	readonly sqlstate: string | undefined;
}

export type Connection =
	| {readonly kind: 'connecting'; readonly attempt: number}
	| {readonly kind: 'live'}
	/** The connection broke; the Snapshot keeps the last data. */
	| {readonly kind: 'lost'; readonly since: number; readonly retryAt: number; readonly trouble: Trouble}
	/** Connected, but this database has no schema `absurd`. Looked for again at every tick. */
	| {readonly kind: 'no-schema'}
	/** Connected, but the role may not read the registry of queues. */
	| {readonly kind: 'no-rights'; readonly trouble: Trouble};

/** An answer to a question that the screen on top asks: not there yet, there, or failed. */
export type Answer<T> =
	| {readonly kind: 'loading'}
	| {readonly kind: 'ready'; readonly value: T; readonly readAt: Instant}
	/** `value` is the last good answer, if there was one. */
	| {readonly kind: 'failed'; readonly trouble: Trouble; readonly value: T | undefined};

export interface Snapshot {
	/** Counts the Snapshots of this program; a higher one is newer. */
	readonly serial: number;
	/** Database time of the last good tick; undefined before it. */
	readonly at: Instant | undefined;
	/** The client's own clock (`Date.now()`) when that tick's answer arrived: ages tick on from here. */
	readonly receivedAt: number | undefined;
	readonly connection: Connection;
	readonly session: SessionFacts | undefined;
	readonly paused: boolean;
	/** The interval asked for, and the one that the budget or the deadline lengthened it to. */
	readonly interval: Duration;
	readonly effectiveInterval: Duration;
	/** Time from sending the last tick to its last answer. */
	readonly tickDuration: Duration | undefined;
	/** Client clock − database clock, where it is more than half a round trip. */
	readonly clockSkew: Duration | undefined;
	/** Set on a standby: how far what it shows lies behind the primary; undefined = the server does not tell. */
	readonly replay: {readonly lag: Duration | undefined} | undefined;
	readonly queues: readonly QueueSnapshot[];
	/** Queues that were asked for by name and that the registry does not have. */
	readonly missing?: readonly string[];
	/** At most 1,000; `claimCount` says how many there are. */
	readonly claims: readonly Claim[];
	readonly claimCount: Count | undefined;
	/** Newest first by when they failed; at most 200 a queue and 5,000 together. */
	readonly failures: readonly Failure[];
	/** There may be more failures than these. */
	readonly failuresCapped: boolean;
	/** Sum of `donePerSecond`, and of the queues' trends. */
	readonly donePerSecond: number | undefined;
	readonly trend: readonly (number | undefined)[];
	readonly past: Past | undefined;
	/** Worst first. */
	readonly findings: readonly Finding[];
	/** Every rule, in a fixed order. */
	readonly checks: readonly Check[];
	readonly costs: readonly ProbeCost[];
}
