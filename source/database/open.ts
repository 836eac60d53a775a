import {lookup} from 'node:dns/promises';
import {isIP} from 'node:net';
import type {SessionFacts} from '../monitor/snapshot.ts';
import {type Attempt, type ConnectionPlan, isSocket} from './attempt.ts';
import {type ClientTarget, PipelineClient} from './client.ts';
import {SessionError} from './errors.ts';
import {factsQuestions, readFacts, releaseIn, type ServerFacts, toSessionFacts} from './facts.ts';
import {createLine, type Line} from './line.ts';
import {createSession, type SessionParts} from './session.ts';
import {tlsOptions} from './tls.ts';

/** A connection and who answers on it. */
export interface Opened extends SessionParts {
	readonly server: ServerFacts;
}

/** What a connection is opened with besides its attempt. */
export interface Manner {
	/** Only to look: on a direct connection the session is made read-only in the server too. */
	readonly readOnly: boolean;
	/** Answers the password; called only when the server wants one. What it throws ends the log-in. */
	readonly password: (attempt: Attempt) => string;
}

/** Milliseconds for the first round trip, which may meet cold caches. */
const factsDeadline = 5000;

const readOnlyOption = '-c default_transaction_read_only=on';

/** Every address of a host, in the order of the system; the host itself for sockets and addresses. */
export async function addressesOf(attempt: Attempt): Promise<readonly string[]> {
	if (attempt.address !== undefined) return [attempt.address];
	if (isSocket(attempt.host) || isIP(attempt.host) !== 0) return [attempt.host];
	const found = await lookup(attempt.host, {all: true, verbatim: true});
	return found.map(({address}) => address);
}

/** How the first round trip is made. */
interface Meeting {
	readonly applicationName: string;
	readonly readOnlyAsked: boolean;
}

async function openLine(target: ClientTarget, attempt: Attempt): Promise<Line> {
	const client = new PipelineClient(target);
	// Before it is connected its errors arrive by connect(); without a listener a late one would end the program.
	client.on('error', () => {});
	try {
		await client.connect();
	} catch (error) {
		// pg leaves the socket of a failed log-in open.
		client.connection.stream.destroy();
		throw error;
	}
	return createLine(client, attempt);
}

async function meet(line: Line, attempt: Attempt, manner: Meeting): Promise<Opened> {
	const {applicationName, readOnlyAsked} = manner;
	const place = {host: attempt.host, port: attempt.port, tls: attempt.tls !== 'off', pooled: true};
	const blank: SessionFacts = {
		...place,
		user: attempt.user,
		database: attempt.database,
		serverVersion: '',
		schemaVersion: '',
		embedded: false,
		standby: false,
		readOnly: undefined,
	};
	// Nothing is known yet: no names for statements, no setting that an old server lacks.
	const first = createSession({line, facts: blank, guest: {serverVersion: 0, embedded: false, applicationName}});
	const {outcomes} = await first.read(factsQuestions(), factsDeadline);
	const [who, version] = outcomes;
	if (who?.kind === 'error') throw new SessionError(who.error);
	const server = readFacts(who?.kind === 'rows' ? who.rows[0] : undefined);
	const pooled = server.backendPid !== line.client.processID;
	const facts = toSessionFacts(server, {...place, pooled}, releaseIn(version), readOnlyAsked);
	const guest = {serverVersion: server.serverVersionNumber, embedded: server.embedded, applicationName};
	return {line, facts, server, guest};
}

/**
 * Connects to one address of an attempt and asks who answers. To look only, a direct connection is made a second time
 * with a start-up option that makes the session read-only in the server: whether a pooler stands in between, which would
 * refuse that option or keep it for somebody else, is known only after the first.
 */
export async function openAt(attempt: Attempt, address: string, plan: ConnectionPlan, manner: Manner): Promise<Opened> {
	const target: ClientTarget = {
		address,
		port: attempt.port,
		user: attempt.user,
		database: attempt.database,
		tls: tlsOptions(attempt, plan.tls),
		direct: plan.tls.direct,
		options: plan.options,
		connectTimeout: plan.connectTimeout,
		password: async () => manner.password(attempt),
	};
	const line = await openLine(target, attempt);
	const meeting = {applicationName: plan.applicationName ?? 'absurd-top', readOnlyAsked: manner.readOnly};
	const opened = await meetOrClose(line, attempt, meeting);
	const {pooled, embedded, readOnly} = opened.facts;
	if (!manner.readOnly || pooled || embedded || readOnly === 'session') return opened;
	const options = [plan.options, readOnlyOption].filter(each => each !== undefined).join(' ');
	const walled = await openLine({...target, options}, attempt)
		.then(second => meetOrClose(second, attempt, meeting))
		.catch(() => undefined);
	// Refused (something in between does not let options through): every transaction of ours is read-only all the same.
	if (walled?.facts.readOnly !== 'session') {
		await walled?.line.close();
		return opened;
	}
	await line.close();
	return walled;
}

async function meetOrClose(line: Line, attempt: Attempt, meeting: Meeting): Promise<Opened> {
	try {
		return await meet(line, attempt, meeting);
	} catch (error) {
		await line.close();
		throw error;
	}
}
