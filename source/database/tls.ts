import {existsSync, readFileSync} from 'node:fs';
import {isIP} from 'node:net';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {ConnectionOptions} from 'node:tls';
import type {Attempt, TlsSettings} from './attempt.ts';
import {nodeTls} from './node-tls.ts';

function personalFile(name: string): string | undefined {
	const path = join(homedir(), '.postgresql', name);
	return existsSync(path) ? path : undefined;
}

function read(path: string, what: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		throw new Error(`The ${what} ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
	}
}

function authorities(settings: TlsSettings, mode: Attempt['tls']): readonly string[] | undefined {
	if (settings.rootCertificate === 'system') return nodeTls().rootCertificates;
	const path = settings.rootCertificate ?? personalFile('root.crt');
	if (path !== undefined && (mode !== 'require' || existsSync(path))) return [read(path, 'root certificate')];
	if (mode === 'require') return undefined;
	throw new Error(
		`sslmode=${mode} needs a root certificate: put it in ~/.postgresql/root.crt, name it with sslrootcert=FILE, or trust the system's with sslrootcert=system.`,
	);
}

/** Node checks chain and name together; verify-ca is the chain alone. */
const anyName = (): undefined => undefined;

/**
 * The TLS options for one attempt, undefined for none. As in libpq, `require` checks the chain where a root certificate
 * lies about, and nothing else. Throws a sentence when a file is missing.
 */
export function tlsOptions(attempt: Attempt, settings: TlsSettings): ConnectionOptions | undefined {
	if (attempt.tls === 'off') return undefined;
	const ca = authorities(settings, attempt.tls);
	const certificate = settings.certificate ?? personalFile('postgresql.crt');
	const key = settings.key ?? personalFile('postgresql.key');
	return {
		host: attempt.host,
		rejectUnauthorized: ca !== undefined,
		...(settings.serverName && isIP(attempt.host) === 0 ? {servername: attempt.host} : {}),
		...(ca === undefined ? {} : {ca: [...ca]}),
		...(attempt.tls === 'verify-full' ? {} : {checkServerIdentity: anyName}),
		...(certificate === undefined ? {} : {cert: read(certificate, 'client certificate')}),
		...(certificate === undefined || key === undefined ? {} : {key: read(key, 'client key')}),
		...(settings.keyPassword === undefined ? {} : {passphrase: settings.keyPassword}),
		...(settings.revocationList === undefined ? {} : {crl: read(settings.revocationList, 'revocation list')}),
		...(settings.minVersion === undefined ? {} : {minVersion: settings.minVersion}),
		...(settings.maxVersion === undefined ? {} : {maxVersion: settings.maxVersion}),
	};
}
