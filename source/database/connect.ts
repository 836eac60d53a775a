import pg from 'pg';
import {type Attempt, type ConnectionPlan, type SessionTarget, serverOf} from './attempt.ts';
import {describeError, errorCode, isNetworkError, isPasswordRefusal, openingCode, SessionError} from './errors.ts';
import type {ServerFacts} from './facts.ts';
import {addressesOf, type Opened, openAt} from './open.ts';
import {PasswordNeeded, type Passwords} from './passwords.ts';

/** What a server must be, by `target_session_attrs`; the sentence names what it is not. */
const demands: Readonly<Record<SessionTarget, (server: ServerFacts) => string | undefined>> = {
	any: () => undefined,
	primary: ({standby}) => (standby ? 'it is a standby' : undefined),
	standby: ({standby}) => (standby ? undefined : 'it is no standby'),
	'prefer-standby': ({standby}) => (standby ? undefined : 'it is no standby'),
	'read-write': ({standby, defaultReadOnly}) => (standby || defaultReadOnly ? 'it is read-only' : undefined),
	'read-only': ({standby, defaultReadOnly}) => (standby || defaultReadOnly ? undefined : 'it is not read-only'),
};

/** Errors of the network that trying the same host with another TLS mode cannot cure. */
const unreachable = new Set([
	'ECONNREFUSED',
	'ENOENT',
	'EACCES',
	'ENOTFOUND',
	'EAI_AGAIN',
	'ETIMEDOUT',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);

/** What an error means for the attempts that are left. */
type Verdict = 'next' | 'next host' | 'same host' | 'stop';

function judge(error: unknown): Verdict {
	if (error instanceof SessionError || isPasswordRefusal(error)) return 'stop';
	if (error instanceof pg.DatabaseError) {
		// As in libpq: a server that is starting up is passed over; one that says no has the last word, save that
		// pg_hba.conf may allow with TLS what it refuses without, or the other way round.
		if (error.code === '57P03') return 'next host';
		return error.code === '28000' ? 'same host' : 'stop';
	}
	if (!isNetworkError(error)) return 'stop';
	return unreachable.has(errorCode(error) ?? '') ? 'next host' : 'next';
}

function sameDoor(a: Attempt, b: Attempt): boolean {
	return a.host === b.host && a.port === b.port && a.address === b.address;
}

interface Failure {
	readonly attempt: Attempt;
	readonly error: unknown;
}

/** Errors that say that there is no server at a place. */
const absent = new Set(['ENOENT', 'ECONNREFUSED']);

/** One sentence for several places without a server, undefined where one of them failed in another way. */
function nobodyThere(failures: readonly Failure[]): string | undefined {
	const places = [...new Set(failures.map(({attempt}) => serverOf(attempt)))];
	if (places.length < 2 || failures.some(({error}) => !absent.has(errorCode(error) ?? ''))) return undefined;
	return `Could not connect: no server answers on ${places.join(', ')}. Start Postgres there, or name another server with -h and -p.`;
}

/**
 * That a server speaks no TLS is no news where it was asked without next, and had something to say; nor is it that one
 * which is no Postgres ended the next try, too.
 */
function worthTelling(failures: readonly Failure[]): readonly Failure[] {
	return failures.filter(({attempt, error}, index) => {
		const same = (others: readonly Failure[]) => others.filter(other => sameDoor(other.attempt, attempt));
		const code = openingCode(error);
		if (code === 'NOTLS') return same(failures.slice(index + 1)).length === 0;
		return code !== 'ENDED' || !same(failures.slice(0, index)).some(before => openingCode(before.error) === 'NOTPG');
	});
}

function combine(all: readonly Failure[], passwords: Passwords): SessionError {
	const failures = worthTelling(all);
	const errors = failures.map(({attempt, error}) => {
		const described = describeError(error, {what: 'Could not connect', place: attempt, opening: true});
		const origin = isPasswordRefusal(error) ? passwords.origin(attempt) : undefined;
		return origin === undefined ? described : {...described, sentence: `${described.sentence} It was ${origin}.`};
	});
	const last = errors.at(-1);
	if (last === undefined) throw new Error('There is nothing to connect to.');
	const sentences = [...new Set(errors.map(({sentence}) => sentence.replace(/^Could not connect: /, '')))];
	const sentence =
		nobodyThere(failures) ??
		(sentences.length === 1 ? last.sentence : `Could not connect: ${sentences.join(' Then: ')}`);
	return new SessionError({...last, sentence, fatal: true});
}

/** How to connect besides the plan. */
export interface ConnectOptions {
	/** Only to look: also the server is told so, where the connection is direct. */
	readonly readOnly: boolean;
	readonly passwords: Passwords;
}

/** What an error of a log-in means for its password: whether it is worth trying again, after asking where needed. */
async function mayTryAgain(error: unknown, attempt: Attempt, passwords: Passwords): Promise<boolean> {
	const needed = error instanceof PasswordNeeded;
	if (!needed && !(isPasswordRefusal(error) && passwords.refused(attempt))) return false;
	await passwords.ask(attempt);
	return true;
}

async function openWithPassword(attempt: Attempt, plan: ConnectionPlan, options: ConnectOptions): Promise<Opened> {
	const {readOnly, passwords} = options;
	let failure: unknown = new Error('The host has no address.');
	for (const address of await addressesOf(attempt)) {
		for (let again = true; again; ) {
			try {
				return await openAt(attempt, address, plan, {readOnly, password: each => passwords.known(each)});
			} catch (error) {
				failure = error;
				again = await mayTryAgain(error, attempt, passwords);
			}
		}
		if (judge(failure) !== 'next host') break;
	}
	throw failure;
}

/**
 * Tries the attempts of a plan in order, until a server lets us in and is what the plan asks for. Rejects with one
 * SessionError that says what each place answered.
 */
export async function connect(plan: ConnectionPlan, options: ConnectOptions): Promise<Opened> {
	const preferring = plan.target === 'prefer-standby';
	for (const target of preferring ? (['standby', 'any'] as const) : [plan.target]) {
		const result = await tryAll(plan, target, options);
		if ('opened' in result) return result.opened;
		if (!preferring || target === 'any') throw combine(result.failures, options.passwords);
	}
	throw new Error('There is nothing to connect to.');
}

type Result = {readonly opened: Opened} | {readonly failures: readonly Failure[]};

async function tryAll(plan: ConnectionPlan, target: SessionTarget, options: ConnectOptions): Promise<Result> {
	const failures: Failure[] = [];
	let left = [...plan.attempts];
	while (left.length > 0) {
		const [attempt, ...rest] = left;
		if (attempt === undefined) break;
		left = rest;
		try {
			const opened = await openWithPassword(attempt, plan, options);
			const unfit = demands[target](opened.server);
			if (unfit === undefined) return {opened};
			await opened.line.close();
			failures.push({
				attempt,
				error: new Error(`${serverOf(attempt)} will not do for target_session_attrs=${target}: ${unfit}`),
			});
			left = left.filter(each => !sameDoor(each, attempt));
		} catch (error) {
			const verdict = judge(error);
			failures.push({attempt, error});
			if (verdict === 'stop') break;
			if (verdict === 'same host') left = left.filter(each => sameDoor(each, attempt));
			if (verdict === 'next host') left = left.filter(each => !sameDoor(each, attempt));
		}
	}
	return {failures};
}
