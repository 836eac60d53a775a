import {homedir, userInfo} from 'node:os';
import {join} from 'node:path';
import {UsageError} from '../usage-error.ts';
import type {Attempt, ConnectionPlan, SessionTarget} from './attempt.ts';
import {parseConninfo} from './conninfo-string.ts';
import {isUrl, parseUrl} from './conninfo-url.ts';
import {fromEnvironment, unsupported, type Values} from './parameters.ts';
import {readService} from './service-file.ts';
import {tlsModes, tlsSettings} from './tls-parameters.ts';

/** What the person wrote, undefined where nothing. */
export interface ConnectionRequest {
	/** A URL, a conninfo string or a name (`-d`, DATABASE). */
	readonly database: string | undefined;
	/** `-h`, `-p`, `-U`: these override parts of the database argument. */
	readonly host: string | undefined;
	readonly port: string | undefined;
	readonly user: string | undefined;
}

/** The name of the database where nobody names one. */
const defaultName = 'absurd';

/** Where servers put their socket, then the loopback: tried in this order where nobody names a host. */
const defaultHosts: readonly string[] = ['/var/run/postgresql', '/tmp', 'localhost'];

/** Milliseconds; libpq waits for ever where nobody says how long, a person in front of a blank screen does not. */
const defaultTimeout = 10_000;

const targets: readonly SessionTarget[] = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'];

/** Takes a URL, a conninfo string or a name apart. Throws a UsageError. */
export function parseDatabase(text: string): Values {
	if (isUrl(text)) return parseUrl(text);
	if (text.includes('=')) return parseConninfo(text);
	if (text.includes('://')) throw new UsageError('The database URL must begin with postgresql:// or postgres://.');
	return {dbname: text};
}

/**
 * All parameters, each from the first source that has it: flags, the database argument (or `ABSURD_DATABASE_URL`), the
 * service file, libpq's variables. Throws a UsageError for what cannot be read or honoured.
 */
export function resolveParameters(request: ConnectionRequest, environment: NodeJS.ProcessEnv): Values {
	const written = request.database ?? (environment['ABSURD_DATABASE_URL'] || undefined);
	const argument = {...(written === undefined ? {} : parseDatabase(written))};
	const fromVariables = {...fromEnvironment(environment)};
	if (request.host !== undefined) {
		delete argument['hostaddr'];
		delete fromVariables['hostaddr'];
	}
	const flags = Object.entries({host: request.host, port: request.port, user: request.user});
	const explicit: Values = {
		...argument,
		...Object.fromEntries(flags.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
	};
	const service = explicit['service'] ?? fromVariables['service'];
	const file = explicit['servicefile'] ?? fromVariables['servicefile'];
	const served = service === undefined || service === '' ? {} : readService(service, file, environment);
	const all = {...fromVariables, ...served, ...explicit};
	const problem = unsupported(all);
	if (problem !== undefined) throw new UsageError(problem);
	return all;
}

function list(values: Values, name: string): readonly string[] {
	const text = values[name];
	return text === undefined || text === '' ? [] : text.split(',').map(each => each.trim());
}

function portNumber(text: string): number {
	const port = text === '' ? 5432 : Number(text);
	if (/^\d*$/.test(text) && port >= 1 && port <= 65_535) return port;
	throw new UsageError(`"${text}" is not a port; a port is a number from 1 to 65535.`);
}

interface Place {
	readonly host: string;
	readonly address: string | undefined;
	readonly port: number;
}

function places(values: Values): readonly Place[] {
	const addresses = list(values, 'hostaddr');
	const named = list(values, 'host');
	if (addresses.length > 0 && named.length > 0 && addresses.length !== named.length)
		throw new UsageError(
			`There are ${named.length} hosts for ${addresses.length} addresses (hostaddr); give as many of both.`,
		);
	const ports = list(values, 'port').map(portNumber);
	const count = Math.max(named.length, addresses.length);
	if (ports.length > 1 && ports.length !== Math.max(count, 1))
		throw new UsageError(
			`There are ${ports.length} ports for ${Math.max(count, 1)} hosts; give one port, or one for each host.`,
		);
	const port = (index: number): number => ports[index] ?? ports[0] ?? 5432;
	if (count === 0) return defaultHosts.map(host => ({host, address: undefined, port: port(0)}));
	return Array.from({length: count}, (_, index) => index).flatMap(index => {
		const address = addresses[index] || undefined;
		const host = named[index] || address;
		if (host?.startsWith('@')) throw new UsageError(`Sockets in the abstract name space (${host}) are not supported.`);
		const hosts = host === undefined ? defaultHosts : [host];
		return hosts.map(each => ({host: each, address, port: port(index)}));
	});
}

function timeout(values: Values): number {
	const text = values['connect_timeout'] ?? '';
	if (text === '') return defaultTimeout;
	if (!/^-?\d+$/.test(text.trim()))
		throw new UsageError(`connect_timeout is "${text}"; it is a whole number of seconds.`);
	const seconds = Number(text);
	// As in libpq: 0 and less wait for ever, 1 is rounded up.
	return seconds <= 0 ? 0 : Math.max(2, seconds) * 1000;
}

function systemUser(): string {
	try {
		return userInfo().username;
	} catch {
		throw new UsageError('The name of this account is not known; say whom to connect as with -U.');
	}
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
	return items
		.map(item => ({item, order: Math.random()}))
		.sort((a, b) => a.order - b.order)
		.map(({item}) => item);
}

/** Makes the plan: what to try, in which order. Throws a UsageError when it cannot be understood. */
export function planConnection(request: ConnectionRequest, environment: NodeJS.ProcessEnv): ConnectionPlan {
	const values = resolveParameters(request, environment);
	const user = values['user'] || systemUser();
	const database = values['dbname'] || defaultName;
	const attrs = values['target_session_attrs'] || 'any';
	const target = targets.find(each => each === attrs);
	if (target === undefined)
		throw new UsageError(`target_session_attrs is "${attrs}"; it may be ${targets.join(', ')}.`);
	const balance = values['load_balance_hosts'] || 'disable';
	if (balance !== 'disable' && balance !== 'random')
		throw new UsageError(`load_balance_hosts is "${balance}"; it may be disable or random.`);
	const modesOf = tlsModes(values);
	const found = places(values);
	const attempts = (balance === 'random' ? shuffled(found) : found).flatMap(place =>
		modesOf(place.host).map((tls): Attempt => ({...place, tls, user, database})),
	);
	const password = values['password'];
	return {
		attempts,
		target,
		connectTimeout: timeout(values),
		options: values['options'] || undefined,
		applicationName: values['application_name']?.replace(/[^ -~]|\\/g, '?') || undefined,
		tls: tlsSettings(values),
		password: password === undefined || password === '' ? undefined : password,
		passwordFile: values['passfile'] || join(environment['HOME'] ?? homedir(), '.pgpass'),
	};
}
