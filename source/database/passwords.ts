import {type Attempt, type ConnectionPlan, isSocket} from './attempt.ts';
import {SessionError} from './errors.ts';
import {findPassword, readPasswordFile} from './password-file.ts';

/** What a person is asked. */
export interface PasswordQuestion {
	readonly user: string;
	readonly host: string;
	readonly port: number;
	readonly database: string;
	/** 1 for the first time, 2 and 3 after a wrong password. */
	readonly attempt: number;
}

/** Asks a person, without echo; undefined when that person gives up. */
export type AskPassword = (question: PasswordQuestion) => Promise<string | undefined>;

/**
 * Thrown inside the log-in: the server wants a password that nobody gave yet. The connection is given up and made
 * again once somebody typed it, since neither its time limit nor the server's waits for a person.
 */
export class PasswordNeeded extends Error {
	constructor() {
		super('A password is needed.');
		this.name = 'PasswordNeeded';
	}
}

/** Where the passwords of one program come from. */
export interface Passwords {
	/** The password for a server that wants one. Throws PasswordNeeded when a person must be asked. */
	known(attempt: Attempt): string;
	/** Asks a person; `known` has it afterwards. Rejects with a SessionError when nobody can be asked or answers. */
	ask(attempt: Attempt): Promise<void>;
	/**
	 * Tells that the server did not take it: answers whether asking again may help, that is whether a person typed it,
	 * fewer than three times.
	 */
	refused(attempt: Attempt): boolean;
	/** From now on nobody is asked: to be called before the screen opens, where a prompt would have no place. */
	stopAsking(): void;
	/** Where the last password came from, for an error. */
	origin(attempt: Attempt): string | undefined;
}

const maxTries = 3;

/** Sockets in these directories are called `localhost` in a password file. */
const defaultSockets = new Set(['/tmp', '/var/run/postgresql']);

function fileHost(host: string): string {
	return isSocket(host) && defaultSockets.has(host) ? 'localhost' : host;
}

function nobodyToAsk(attempt: Attempt, hint: string | undefined): SessionError {
	const reason = hint === undefined ? '' : ` (${hint})`;
	return new SessionError({
		sentence: `The server wants a password for user ${attempt.user}, and there is none${reason}. Set PGPASSWORD, write it to ~/.pgpass, or start absurd-top in a terminal, where it asks.`,
		sqlstate: undefined,
		message: 'no password',
		fatal: true,
	});
}

/** `ask` is undefined where nobody can be asked: without a terminal. What was typed is kept in memory for reconnects. */
export function createPasswords(plan: ConnectionPlan, ask: AskPassword | undefined): Passwords {
	const typed = new Map<string, string>();
	const tries = new Map<string, number>();
	let asking = ask;
	// As in libpq, one password serves all hosts of a list, and all modes of TLS.
	const door = ({user}: Attempt): string => user;

	function given(attempt: Attempt): {readonly text: string; readonly from: string | undefined} | undefined {
		if (plan.password !== undefined)
			return {text: plan.password, from: 'the one given with the connection or in PGPASSWORD'};
		const text = typed.get(door(attempt));
		if (text !== undefined) return {text, from: undefined};
		const file = readPasswordFile(plan.passwordFile);
		const found =
			file.kind === 'text' ? findPassword(file.text, {...attempt, host: fileHost(attempt.host)}) : undefined;
		return found === undefined ? undefined : {text: found, from: `the one in ${plan.passwordFile}`};
	}

	return {
		known(attempt) {
			const found = given(attempt);
			if (found === undefined) throw new PasswordNeeded();
			return found.text;
		},
		async ask(attempt) {
			const file = readPasswordFile(plan.passwordFile);
			if (asking === undefined) throw nobodyToAsk(attempt, file.kind === 'ignored' ? file.reason : undefined);
			const {user, host, port, database} = attempt;
			const number = (tries.get(door(attempt)) ?? 0) + 1;
			const answer = await asking({user, host, port, database, attempt: number});
			if (answer === undefined) throw nobodyToAsk(attempt, 'none was typed');
			tries.set(door(attempt), number);
			typed.set(door(attempt), answer);
		},
		refused(attempt) {
			return typed.delete(door(attempt)) && (tries.get(door(attempt)) ?? 0) < maxTries;
		},
		stopAsking() {
			asking = undefined;
		},
		origin: attempt => given(attempt)?.from,
	};
}
