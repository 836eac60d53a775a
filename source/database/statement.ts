import type {SessionFacts} from '../monitor/snapshot.ts';

/** A value that may be bound to a parameter; arrays become Postgres arrays. JSON is bound as its text. */
export type SqlValue = string | number | boolean | null | readonly string[] | readonly number[];

/** One statement, made from a file of sql/: identifiers are already quoted into the text, values are bound. */
export interface Statement {
	/** The file's name without ending, for costs and errors: `queue-live`. */
	readonly name: string;
	/** What it was made for, so that an error can be attributed: a queue's name. */
	readonly target: string | undefined;
	readonly text: string;
	readonly values: readonly SqlValue[];
}

/**
 * A row as the session answers it: by column name. timestamptz is a number (milliseconds since the epoch with
 * fractions; `infinity` is Infinity), int8 a number (a bigint beyond 2^53), numeric and interval are texts,
 * json and jsonb are NOT parsed (text), bool boolean, uuid and text strings.
 */
export type Row = Readonly<Record<string, unknown>>;

/** An error of a statement or of the connection, as a sentence. */
export interface DatabaseError {
	/** What failed, on what, what to do. Never a password. */
	readonly sentence: string;
	readonly sqlstate: string | undefined;
	/** The server's own message, undefined when it did not come from the server. */
	readonly message: string;
	/** True when the connection is gone (or the session must be made anew). */
	readonly fatal: boolean;
}

export type StatementOutcome =
	| {readonly kind: 'rows'; readonly rows: readonly Row[]}
	| {readonly kind: 'error'; readonly error: DatabaseError}
	/** Not run: the deadline passed or an earlier error ended the transaction. */
	| {readonly kind: 'skipped'};

export interface ReadAnswer {
	/** One for each statement, in order. */
	readonly outcomes: readonly StatementOutcome[];
	/** From sending to the last answer, milliseconds. */
	readonly duration: number;
	/**
	 * For each statement the time from the answer before it (from sending, for the first) to its own, milliseconds: what
	 * the budget of a tick is shared out by. 0 for skipped ones; may be absent where a session cannot tell.
	 */
	readonly durations?: readonly number[];
	/** True when the deadline passed and the rest was cancelled. */
	readonly late: boolean;
}

/** A connection that reads. The program has one for polling (*watch*) and one for actions (*hands*). */
export interface Session {
	readonly facts: SessionFacts;
	/**
	 * Runs statements in one `REPEATABLE READ READ ONLY` transaction, in one round trip, each between a savepoint and an
	 * unconditional rollback to it, with the settings of a guest (database.md 5, 12). One statement's error is its own.
	 * When `deadline` (milliseconds) passes, the running statement is cancelled and the rest skipped. Rejects with a
	 * SessionError only when the connection is lost. Never two at once: callers await.
	 */
	read(statements: readonly Statement[], deadline: number): Promise<ReadAnswer>;
	/** Calls back once when the connection is lost, with the reason. */
	onLost(listener: (error: DatabaseError) => void): void;
	close(): Promise<void>;
}

/** What became of one of many writes. */
export type WriteOutcome =
	| StatementOutcome
	/** The connection broke before its commit was answered. */
	| {readonly kind: 'unknown'};

/**
 * One connection on which further transactions are sent before earlier ones were answered. The server takes them one
 * after the other, in the order in which they were sent: one that waits for a lock holds up those behind it.
 */
export interface Lane {
	/** Sends one statement in a transaction of its own, so that its error is its own and no lock outlives it. Never rejects. */
	write(statement: Statement): Promise<WriteOutcome>;
	/** As `Session.read`, behind what was sent before. Never rejects. */
	readonly read: Session['read'];
}

/** A session that may also write. In read-only mode nothing in the program makes one. */
export interface WritingSession extends Session {
	/** Runs one statement in a transaction of its own with `lock_timeout`; resolves only after the commit was answered. */
	write(statement: Statement, lockTimeout: number): Promise<StatementOutcome>;
	/**
	 * Hands `work` the connection as a lane, its writes with `lock_timeout`. Resolves when `work` has ended and all that it
	 * sent was answered; rejects with a SessionError when the connection is lost.
	 */
	pipelined(lockTimeout: number, work: (lane: Lane) => Promise<void>): Promise<void>;
}
