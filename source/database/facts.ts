import type {SessionFacts} from '../monitor/snapshot.ts';
import {isNumber, isString, isTexts} from './row.ts';
import {statement} from './sql.ts';
import type {Row, Statement, StatementOutcome} from './statement.ts';

/** What the first round trip of a session found out; more than the header shows. */
export interface ServerFacts {
	readonly user: string;
	readonly database: string;
	readonly serverVersion: string;
	/** As `server_version_num`: 170005. */
	readonly serverVersionNumber: number;
	readonly backendPid: number;
	readonly standby: boolean;
	/** The role's, the database's or the start-up options' `default_transaction_read_only`. */
	readonly defaultReadOnly: boolean;
	readonly embedded: boolean;
	readonly functions: readonly string[];
}

/** Functions by the release that brought them, newest first (absurd.md 3.11). */
const marks: ReadonlyArray<readonly [name: string, release: string]> = [
	['retry_delay_seconds', '0.5.0'],
	['ensure_partitions', '0.4.0'],
	['get_task_result', '0.3.0'],
	['retry_task', '0.2.0'],
	['validate_queue_name', '0.1.0'],
	['cancel_task', '0.0.5'],
	['spawn_task', '0.0.4'],
];

/** The release that brought a function, undefined for one that is not listed. */
export function releaseOf(functionName: string): string | undefined {
	return marks.find(([name]) => name === functionName)?.[1];
}

/** The newest release all of whose functions are there; empty without a schema. */
export function detectRelease(functions: readonly string[]): string {
	return marks.find(([name]) => functions.includes(name))?.[1] ?? '';
}

/** Reads the row of session-facts.sql. Throws when it is not one. */
export function readFacts(row: Row | undefined): ServerFacts {
	const {user_name, database_name, server_version, server_version_num, backend_pid, functions, version_text} =
		row ?? {};
	if (
		!isString(user_name) ||
		!isString(database_name) ||
		!isString(server_version) ||
		!isNumber(server_version_num) ||
		!isNumber(backend_pid) ||
		!isTexts(functions)
	)
		throw new Error('The server did not answer who it is.');
	return {
		user: user_name,
		database: database_name,
		serverVersion: server_version.split(' ')[0] ?? server_version,
		serverVersionNumber: server_version_num,
		backendPid: backend_pid,
		standby: row?.['standby'] === true,
		defaultReadOnly: row?.['default_read_only'] === true,
		embedded: isString(version_text) && /pglite|emscripten/i.test(version_text),
		functions,
	};
}

/** Facts for header and badges. `readOnlyAsked`: the program was started to look only. */
export function toSessionFacts(
	server: ServerFacts,
	place: Pick<SessionFacts, 'host' | 'port' | 'tls' | 'pooled'>,
	schemaVersion: string | undefined,
	readOnlyAsked: boolean,
): SessionFacts {
	return {
		user: server.user,
		host: place.host,
		port: place.port,
		database: server.database,
		serverVersion: server.serverVersion,
		schemaVersion: schemaVersion ?? detectRelease(server.functions),
		pooled: place.pooled,
		embedded: server.embedded,
		standby: server.standby,
		readOnly: wall(server, readOnlyAsked, place.pooled),
		tls: place.tls,
	};
}

/** What asks who answers: after connecting, and now and then. Two statements; `releaseIn` reads the second. */
export function factsQuestions(): Statement[] {
	return [statement('session-facts', {}, {}), statement('schema-version', {}, {})];
}

/** The release that the schema reports itself, undefined where it cannot: before 0.2.0, or without a schema. */
export function releaseIn(outcome: StatementOutcome | undefined): string | undefined {
	const reported: unknown = outcome?.kind === 'rows' ? outcome.rows[0]?.['schema_version'] : undefined;
	return isString(reported) ? reported : undefined;
}

/** The facts as they are now: a schema is migrated, and a standby made a primary, under an open session. */
export function renewFacts(facts: SessionFacts, who: StatementOutcome, version: StatementOutcome): SessionFacts {
	if (who.kind !== 'rows') return facts;
	const server = readFacts(who.rows[0]);
	const {standby} = server;
	const wall = facts.readOnly === undefined || facts.readOnly === 'standby';
	return {
		...facts,
		schemaVersion: releaseIn(version) ?? detectRelease(server.functions),
		standby,
		readOnly: wall ? (standby ? 'standby' : undefined) : facts.readOnly,
	};
}

/** Which wall keeps us from writing. Behind a pooler the setting of a session is somebody else's next time. */
function wall(server: ServerFacts, readOnlyAsked: boolean, pooled: boolean): SessionFacts['readOnly'] {
	if (server.defaultReadOnly && !pooled && !server.embedded) return 'session';
	if (readOnlyAsked) return 'transaction';
	return server.standby ? 'standby' : undefined;
}
