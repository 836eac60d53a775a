import type {ConnectionOptions} from 'node:tls';
import {UsageError} from '../usage-error.ts';
import {isSocket, type TlsMode, type TlsSettings} from './attempt.ts';
import type {Values} from './parameters.ts';

/** The TLS modes of one host in the order in which libpq tries them. */
const modes: Readonly<Record<string, readonly TlsMode[]>> = {
	disable: ['off'],
	allow: ['off', 'require'],
	prefer: ['require', 'off'],
	require: ['require'],
	'verify-ca': ['verify-ca'],
	'verify-full': ['verify-full'],
};

const versions: Readonly<Record<string, ConnectionOptions['minVersion']>> = {
	tlsv1: 'TLSv1',
	'tlsv1.1': 'TLSv1.1',
	'tlsv1.2': 'TLSv1.2',
	'tlsv1.3': 'TLSv1.3',
};

function oneOf<Value>(values: Values, name: string, choices: Readonly<Record<string, Value>>): Value | undefined {
	const text = values[name];
	if (text === undefined || text === '') return undefined;
	const key = text.toLowerCase();
	if (!Object.hasOwn(choices, key))
		throw new UsageError(
			`The connection parameter ${name} is "${text}"; it may be ${Object.keys(choices).join(', ')}.`,
		);
	return choices[key];
}

/** Which TLS modes to try on each host. `sslrootcert=system` asks for the full check, as in libpq. */
export function tlsModes(values: Values): (host: string) => readonly TlsMode[] {
	const system = values['sslrootcert'] === 'system';
	const chosen = oneOf(values, 'sslmode', modes) ?? (system ? modes['verify-full'] : modes['prefer']) ?? [];
	if (system && !chosen.includes('verify-full'))
		throw new UsageError('sslrootcert=system goes with sslmode=verify-full only: a weaker check would trust anybody.');
	if (values['sslnegotiation'] === 'direct' && (chosen.includes('off') || chosen.length > 1))
		throw new UsageError('sslnegotiation=direct goes with sslmode=require, verify-ca or verify-full only.');
	// libpq never uses TLS on a unix socket, and does not complain.
	return host => (isSocket(host) ? ['off'] : chosen);
}

/** The parameters of TLS that are the same for all hosts. */
export function tlsSettings(values: Values): TlsSettings {
	const file = (name: string): string | undefined => (values[name] === '' ? undefined : values[name]);
	return {
		rootCertificate: file('sslrootcert'),
		certificate: file('sslcert'),
		key: file('sslkey'),
		keyPassword: file('sslpassword'),
		revocationList: file('sslcrl'),
		minVersion: oneOf(values, 'ssl_min_protocol_version', versions) ?? 'TLSv1.2',
		maxVersion: oneOf(values, 'ssl_max_protocol_version', versions),
		direct: oneOf(values, 'sslnegotiation', {postgres: false, direct: true}) ?? false,
		serverName: oneOf(values, 'sslsni', {0: false, 1: true}) ?? true,
	};
}
