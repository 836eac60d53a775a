import {serverOf} from './attempt.ts';

/** Where and as whom: what an advice needs to be concrete. */
export interface Place {
	readonly user: string;
	readonly host: string;
	readonly port: number;
	readonly database: string;
}

type Advice = (message: string, place: Place) => string;

const says: Advice = message => `${message.replace(/\.$/, '')}.`;

/** Adds what to do to what the server said. */
const then =
	(todo: string): Advice =>
	(message, place) =>
		`${says(message, place)} ${todo}`;

const certificate: Advice = message =>
	`the server's certificate was not accepted (${message}). Name the right root certificate with sslrootcert=FILE, or ask for less with sslmode=require.`;

const gone: Advice = (_message, place) =>
	`the connection to ${serverOf(place)} broke. It is made again by itself; if that does not help, see whether the server runs.`;

/** By SQLSTATE, by errno of Node, and by names of our own (LOST, NOTLS, ...). */
const table: Readonly<Record<string, Advice>> = {
	// The way to the server.
	ECONNREFUSED: (_message, place) =>
		`nothing listens on ${serverOf(place)}. Start Postgres there, or name another server with -h and -p.`,
	ENOENT: (_message, place) =>
		`there is no server socket ${serverOf(place)}. Start Postgres, or name the server with -h (a host, or the directory of its socket).`,
	EACCES: (_message, place) =>
		`this account may not use ${serverOf(place)}. Ask for the right to its directory, or use -h localhost.`,
	ENOTFOUND: (_message, place) => `the host name ${place.host} is not known. Check -h, PGHOST or the URL.`,
	EAI_AGAIN: (_message, place) =>
		`the host name ${place.host} could not be looked up just now. Check the network's DNS.`,
	ETIMEDOUT: (_message, place) =>
		`${serverOf(place)} did not answer in time. Check address and firewall, or allow more with PGCONNECT_TIMEOUT (seconds).`,
	EHOSTUNREACH: (_message, place) => `there is no way to the host ${place.host}. Check the network or VPN.`,
	ENETUNREACH: (_message, place) => `there is no way to the network of ${place.host}. Check the network or VPN.`,
	ECONNRESET: gone,
	EPIPE: gone,
	LOST: gone,
	SILENT: (_message, place) => `${serverOf(place)} stopped answering. The connection is made again by itself.`,
	ENDED: (_message, place) =>
		`${serverOf(place)} took the connection and ended it. See whether it is a Postgres server, and is up; check host and port.`,
	NOTPG: (_message, place) => `${serverOf(place)} answers, and not as Postgres does. Check host and port.`,
	NOTLS: (_message, place) =>
		`${serverOf(place)} does not speak TLS. Use sslmode=prefer or sslmode=disable if the network can be trusted.`,
	CERT_HAS_EXPIRED: certificate,
	DEPTH_ZERO_SELF_SIGNED_CERT: certificate,
	SELF_SIGNED_CERT_IN_CHAIN: certificate,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate,
	UNABLE_TO_GET_ISSUER_CERT: certificate,
	ERR_TLS_CERT_ALTNAME_INVALID: certificate,
	// Getting in.
	'28P01': (_message, place) =>
		`the password for user ${place.user} was not accepted. Set PGPASSWORD or ~/.pgpass, or another user with -U.`,
	'28000': (message, place) =>
		/^role /.test(message)
			? `${says(message, place)} Use another user with -U.`
			: `${says(message, place)} Ask for an entry in pg_hba.conf, use another user with -U, or sslmode=require.`,
	'3D000': (_message, place) =>
		`the server has no database ${place.database}. Name another one with -d, or create it with createdb.`,
	'42704': then('Check the user name (-U).'),
	'53300': then('Wait for a free connection, or use a pooler.'),
	'57P03': then('It is tried again by itself.'),
	// While at work.
	'57P01': then('The connection is made again by itself.'),
	'57P02': then('The connection is made again by itself.'),
	'57P05': then('The connection is made again by itself.'),
	'25P03': then('The connection is made again by itself.'),
	'25P04': then('The connection is made again by itself.'),
	'40001': then('It is tried again at once.'),
	'40P01': then('Nothing was changed; try again.'),
	'42501': (message, place) =>
		/^permission denied for database /.test(message)
			? `${says(message, place)} Somebody with the right may: grant connect on database ${place.database} to ${place.user}; for absurd-top init, create too.`
			: `${says(message, place)} Somebody with the right may: grant usage on schema absurd and select on its tables to ${place.user}; to act, also insert, update and delete.`,
	'42P01': then('The queue was dropped, or its tables are missing.'),
	'3F000': then('This database has no Absurd schema; name another one with -d.'),
	'42883': then('This release of Absurd does not have that function; migrate its schema to act.'),
	'57014': then('The server is slow just now; it is tried again later, less often.'),
	'55P03': then('Somebody holds a lock on it, for example to change the table; it is tried again later.'),
	'53200': then('Ask for a higher max_locks_per_transaction if it stays.'),
	'53100': then('The disk of the server is full.'),
	'25006': then('Nothing can be changed here; connect to the primary, or as a role that may write.'),
	'23514': then('The queue has no partition for it: somebody must run absurd.ensure_partitions().'),
	'08P01': then('A pooler may stand in between; leave out the options parameter.'),
	// Absurd's own.
	AB001: then('The task is cancelled already.'),
	AB002: then('The run has failed already.'),
	AB003: then('Correct the retry strategy.'),
	P0001: says,
	'22P02': then('Correct the value.'),
	'22023': then('Correct the value.'),
};

/** Of actions, which nobody tries again by himself: in place of what is said of readings. */
const ofActions: Readonly<Record<string, Advice>> = {
	'40001': then('Try again.'),
	'40P01': then('Try again.'),
	'57014': then('The server was too slow, or somebody cancelled it; try again.'),
	'55P03': then('Somebody else holds a lock on it just now; try again.'),
};

/**
 * What an error with this SQLSTATE or errno means and what to do, undefined when there is nothing to add. `acting`: it was
 * an action that failed.
 */
export function advice(
	code: string | undefined,
	message: string,
	{place, acting = false}: {readonly place: Place; readonly acting?: boolean | undefined},
): string | undefined {
	const say = (of: Readonly<Record<string, Advice>>) =>
		code !== undefined && Object.hasOwn(of, code) ? of[code]?.(message, place) : undefined;
	return (acting ? say(ofActions) : undefined) ?? say(table);
}
