import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import pg from 'pg';
import {startServer, type TestServer} from './server.ts';

/** A server with TLS that asks some roles for a password. Needs openssl. */
export interface TlsServer {
	readonly server: TestServer;
	/** Of the tests' own, for files beside the certificate. */
	readonly directory: string;
	/** The server's certificate, for `localhost`, which is its own authority. */
	readonly certificate: string;
	remove(): Promise<void>;
}

/** Who may log in how: `secured` with its password, `plain_only` without TLS, `tls_only` with it, the rest at will. */
const rules = [
	'host all secured 127.0.0.1/32 scram-sha-256',
	'host all secured ::1/128 scram-sha-256',
	'local all secured scram-sha-256',
	'hostnossl all plain_only all trust',
	'hostssl all plain_only all reject',
	'hostssl all tls_only all trust',
	'hostnossl all tls_only all reject',
	'host all all all trust',
	'local all all trust',
];

function makeCertificate(directory: string): string {
	const certificate = join(directory, 'server.crt');
	const key = join(directory, 'server.key');
	const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
	execFileSync(
		'openssl',
		['req', '-new', '-x509', '-days', '2', '-nodes', ...subject, '-keyout', key, '-out', certificate],
		{stdio: 'ignore'},
	);
	return certificate;
}

/** Starts one; `secret` is the password of the role `secured`. */
export async function startTlsServer(secret: string): Promise<TlsServer> {
	const directory = mkdtempSync(join(tmpdir(), 'absurd-top-tls-'));
	const server = await startServer();
	const certificate = makeCertificate(directory);
	const admin = new pg.Client({connectionString: server.url()});
	await admin.connect();
	// The server reads the key as its own user; it is written through it so that it owns the file.
	for (const name of ['server.crt', 'server.key']) {
		const text = readFileSync(join(directory, name), 'utf8').replaceAll("'", "''");
		await admin.query(
			`copy (select unnest(string_to_array(trim(trailing E'\\n' from '${text}'), E'\\n'))) to program 'umask 077; cat > ${name}'`,
		);
	}
	await admin.query('alter system set ssl = on');
	await admin.query(`create role secured login password '${secret.replaceAll("'", "''")}'`);
	await admin.query('create role plain_only login; create role tls_only login');
	await admin.query(
		`copy (select unnest(array[${rules.map(rule => `'${rule}'`).join(',')}])) to program 'cat > pg_hba.conf'`,
	);
	await admin.query('select pg_reload_conf()');
	await admin.end();
	return {
		server,
		directory,
		certificate,
		async remove() {
			await server.remove();
			rmSync(directory, {recursive: true, force: true});
		},
	};
}
