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

/** Where the passwords of one program come from. */
export interface Passwords {
	/** The password for a server that wants one. Rejects with a SessionError when there is none. */
	for(attempt: Attempt): Promise<string>;
	/**
	 * Tells that the server did not take it: answers whether asking again may help, that is whether a person typed it,
	 * fewer than three times.
	 */
	refused(attempt: Attempt): boolean;
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
	const origins = new Map<string, string>();
	// The modes of TLS are different attempts at one door.
	const door = ({host, port, user}: Attempt): string => JSON.stringify([host, port, user]);

	async function typeIn(attempt: Attempt, hint: string | undefined): Promise<string> {
		if (ask === undefined) throw nobodyToAsk(attempt, hint);
		const {user, host, port, database} = attempt;
		const number = (tries.get(door(attempt)) ?? 0) + 1;
		const answer = await ask({user, host, port, database, attempt: number});
		if (answer === undefined) throw nobodyToAsk(attempt, 'none was typed');
		tries.set(door(attempt), number);
		typed.set(door(attempt), answer);
		return answer;
	}

	return {
		async for(attempt) {
			if (plan.password !== undefined) {
				origins.set(door(attempt), 'the one given with the connection or in PGPASSWORD');
				return plan.password;
			}
			const known = typed.get(door(attempt));
			if (known !== undefined) return known;
			const file = readPasswordFile(plan.passwordFile);
			const found =
				file.kind === 'text' ? findPassword(file.text, {...attempt, host: fileHost(attempt.host)}) : undefined;
			if (found !== undefined) {
				origins.set(door(attempt), `the one in ${plan.passwordFile}`);
				return found;
			}
			return typeIn(attempt, file.kind === 'ignored' ? file.reason : undefined);
		},
		refused(attempt) {
			return typed.delete(door(attempt)) && (tries.get(door(attempt)) ?? 0) < maxTries;
		},
		origin: attempt => origins.get(door(attempt)),
	};
}
