import pg from 'pg';
import {advice, type Place} from './error-advice.ts';
import type {DatabaseError} from './statement.ts';

/** Thrown when a session cannot be opened or is lost. */
export class SessionError extends Error {
	readonly error: DatabaseError;

	constructor(error: DatabaseError, options?: ErrorOptions) {
		super(error.sentence, options);
		this.name = 'SessionError';
		this.error = error;
	}

	/** As of its error, so that it reads like one of pg. */
	get sqlstate(): string | undefined {
		return this.error.sqlstate;
	}
}

/** What was being done when an error came, for its sentence. */
export interface Doing {
	/** Begins the sentence: `Queue "mail" could not be read`. */
	readonly what: string;
	readonly place: Place;
	/** It was an action, which is not tried again by itself. */
	readonly acting?: boolean;
	/** Nobody has let us in so far: a connection that ends says something else then. */
	readonly opening?: boolean;
}

/** SQLSTATEs that end the connection even where the server did not say FATAL (a recovery conflict is 40001). */
const fatalStates = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '25P04', '08000', '08003', '08006', '08P01']);

function isFatal(error: Error, sqlstate: string | undefined): boolean {
	if (error instanceof pg.DatabaseError) {
		return (
			error.severity === 'FATAL' ||
			error.severity === 'PANIC' ||
			(sqlstate !== undefined && fatalStates.has(sqlstate)) ||
			/^terminating connection/.test(error.message)
		);
	}
	return true;
}

function codeOf(error: Error): string | undefined {
	if (error instanceof AggregateError && error.errors.length > 0) {
		const [first]: readonly unknown[] = error.errors;
		if (first instanceof Error) return codeOf(first);
	}
	return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** True for an error of the way to the server, not of the server. */
export function isNetworkError(error: unknown): boolean {
	return error instanceof Error && !(error instanceof pg.DatabaseError);
}

/** Removes what looks like a password from a text that may quote a connection string. */
export function withoutPassword(text: string): string {
	return text
		.replace(/(\bpostgres(?:ql)?:\/\/[^\s:/@]*:)[^\s@]*@/gi, '$1***@')
		.replace(/(\b(?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)/gi, '$1***');
}

/** Turns whatever was thrown into a sentence that says what failed, on what, and what to do. */
export function describeError(thrown: unknown, doing: Doing): DatabaseError {
	if (thrown instanceof SessionError) return thrown.error;
	const error = thrown instanceof Error ? thrown : new Error(String(thrown));
	const code = codeOf(error);
	const fromServer = error instanceof pg.DatabaseError;
	const sqlstate = fromServer ? code : undefined;
	const message = withoutPassword(fromServer ? error.message : error.message || (code ?? 'no reason given'));
	const known = advice(doing.opening ? openingCode(error) : errorCode(error), message, doing);
	const explanation = known ?? `${message}.`;
	const state = sqlstate === undefined ? '' : ` (${sqlstate})`;
	return {
		sentence: `${doing.what}: ${explanation.replace(/\.\.$/, '.')}${state}`,
		sqlstate,
		message,
		fatal: isFatal(error, sqlstate),
	};
}

/** Names for errors of pg itself, which have neither SQLSTATE nor errno. */
const ownCodes: ReadonlyArray<readonly [RegExp, code: string]> = [
	[/^timeout expired$/, 'ETIMEDOUT'],
	[/does not support SSL/, 'NOTLS'],
	// It answered the question for TLS with what no Postgres says.
	[/error establishing an SSL connection/, 'NOTPG'],
	// The server's challenge could not even be answered: with an empty password.
	[/^SASL: .*password/, '28P01'],
	[/^(?:Connection (?:terminated|ended)|Client (?:has encountered|was closed))/, 'LOST'],
];

function ownCode(error: Error): string | undefined {
	if (error instanceof pg.DatabaseError) return undefined;
	return ownCodes.find(([pattern]) => pattern.test(error.message))?.[1];
}

/** SQLSTATE, errno, or a name of our own: what kind of error it is, undefined when nothing is known. */
export function errorCode(error: unknown): string | undefined {
	return error instanceof Error ? (codeOf(error) ?? ownCode(error)) : undefined;
}

/** As `errorCode`, where an end of the connection before anything was said is one kind of error. */
export function openingCode(error: unknown): string | undefined {
	const code = errorCode(error);
	return code === 'ECONNRESET' || code === 'EPIPE' || code === 'LOST' ? 'ENDED' : code;
}

/** True when the server, or pg on its behalf, did not take the password. */
export function isPasswordRefusal(error: unknown): boolean {
	return errorCode(error) === '28P01';
}
