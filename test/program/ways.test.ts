import {spawnSync} from 'node:child_process';
import {chmodSync, copyFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {runCommand} from '../support/command.ts';
import {endPrograms, startProgram} from '../support/program.ts';
import {startTlsServer, type TlsServer} from '../support/tls-server.ts';

// Every way to name a server, through the built program and through psql: the same host, port, user, database and TLS.
// The answers are recorded in the table; where psql is not installed the program alone is held against them.

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const hasPsql = spawnSync('psql', ['--version']).status === 0;
if (!hasOpenssl) console.log('openssl is not installed: the ways to connect are not compared.');
if (!hasPsql) console.log('psql is not installed: the ways to connect are held against recorded answers alone.');

const secret = `s3cret:'"\\ü`;
let tls: TlsServer;
/** What `{port}`, `{socket}`, `{home}`, `{crt}`, `{file}`, `{secret}` stand for. */
let words: Readonly<Record<string, string>>;

const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '');

interface Way {
	readonly way: string;
	readonly line: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** `host port user database tls`, or that both refuse. */
	readonly to: string;
}

const refused = 'refused';
const plain = (host: string, user = 'postgres') => `${host} {port} ${user} postgres plain`;
const safe = (host: string, user = 'postgres') => `${host} {port} ${user} postgres tls`;

const ways: readonly Way[] = [
	{way: 'URL', line: ['postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable'], to: plain('127.0.0.1')},
	{
		way: 'URL, short scheme',
		line: ['postgres://tls_only@localhost:{port}/postgres'],
		to: safe('localhost', 'tls_only'),
	},
	{
		way: 'connection string',
		line: ['host=127.0.0.1 port={port} dbname=postgres user=plain_only'],
		to: plain('127.0.0.1', 'plain_only'),
	},
	{
		way: 'name and flags',
		line: ['-d', 'postgres', '-h', 'localhost', '-p', '{port}', '-U', 'postgres'],
		to: safe('localhost'),
	},
	{
		way: 'name and environment',
		line: ['postgres'],
		env: {PGHOST: 'localhost', PGPORT: '{port}', PGUSER: 'postgres', PGSSLMODE: 'disable'},
		to: plain('localhost'),
	},
	{
		way: 'environment alone',
		line: [],
		env: {PGHOST: '127.0.0.1', PGPORT: '{port}', PGUSER: 'postgres', PGDATABASE: 'postgres'},
		to: safe('127.0.0.1'),
	},
	{way: 'service, in the string', line: ['service=jobs'], to: safe('localhost', 'tls_only')},
	{way: 'service, in the environment', line: [], env: {PGSERVICE: 'jobs'}, to: safe('localhost', 'tls_only')},
	{
		way: 'service file of another name',
		line: ['service=jobs user=postgres'],
		env: {HOME: '/nonexistent', PGSERVICEFILE: '{home}/.pg_service.conf'},
		to: safe('localhost'),
	},
	{
		way: 'password file of the home',
		line: ['postgresql://secured@localhost:{port}/postgres'],
		to: safe('localhost', 'secured'),
	},
	{
		way: 'password file of the environment',
		line: ['postgresql://secured@localhost:{port}/postgres'],
		env: {HOME: '/nonexistent', PGPASSFILE: '{file}'},
		to: safe('localhost', 'secured'),
	},
	{
		way: 'password file of the URL',
		line: ['postgresql://secured@localhost:{port}/postgres?passfile={file}'],
		env: {HOME: '/nonexistent'},
		to: safe('localhost', 'secured'),
	},
	{
		way: 'password in the environment',
		line: ['postgresql://secured@localhost:{port}/postgres'],
		env: {HOME: '/nonexistent', PGPASSWORD: secret},
		to: safe('localhost', 'secured'),
	},
	{
		way: 'password in the URL',
		line: ['postgresql://secured:{secret}@localhost:{port}/postgres'],
		env: {HOME: '/nonexistent'},
		to: safe('localhost', 'secured'),
	},
	{
		way: 'a wrong password',
		line: ['postgresql://secured@localhost:{port}/postgres'],
		env: {PGPASSWORD: 'hunter2'},
		to: refused,
	},
	{way: 'unix socket', line: ['host={socket} port={port} dbname=postgres user=postgres'], to: plain('{socket}')},
	{
		way: 'unix socket in a URL',
		line: ['postgresql:///postgres?host={socket}&port={port}&user=postgres&sslmode=require'],
		to: plain('{socket}'),
	},
	{
		way: 'unix socket by flag, with a password',
		line: ['-d', 'postgres', '-h', '{socket}', '-p', '{port}', '-U', 'secured'],
		to: plain('{socket}', 'secured'),
	},
	{
		way: 'several hosts, URL',
		line: ['postgresql://postgres@127.0.0.1:1,localhost:{port}/postgres'],
		to: safe('localhost'),
	},
	{
		way: 'several hosts, string',
		line: ['host=127.0.0.1,localhost port=1,{port} dbname=postgres user=postgres target_session_attrs=read-write'],
		to: safe('localhost'),
	},
	{
		way: 'several hosts, none fits',
		line: ['host=127.0.0.1,localhost port=1,{port} dbname=postgres user=postgres target_session_attrs=standby'],
		to: refused,
	},
	{
		way: 'an address beside the name',
		line: [
			'hostaddr=127.0.0.1 host=localhost port={port} dbname=postgres user=postgres sslmode=verify-full sslrootcert={crt}',
		],
		to: safe('localhost'),
	},
	{way: 'sslmode=disable', line: ['postgresql://tls_only@localhost:{port}/postgres?sslmode=disable'], to: refused},
	{
		way: 'sslmode=allow, plain will do',
		line: ['postgresql://postgres@localhost:{port}/postgres?sslmode=allow'],
		to: plain('localhost'),
	},
	{
		way: 'sslmode=allow, TLS is wanted',
		line: ['postgresql://tls_only@localhost:{port}/postgres?sslmode=allow'],
		to: safe('localhost', 'tls_only'),
	},
	{
		way: 'sslmode=prefer',
		line: ['postgresql://postgres@localhost:{port}/postgres?sslmode=prefer'],
		to: safe('localhost'),
	},
	{
		way: 'sslmode=prefer, plain is wanted',
		line: ['postgresql://plain_only@localhost:{port}/postgres?sslmode=prefer'],
		to: plain('localhost', 'plain_only'),
	},
	{
		way: 'sslmode=require',
		line: ['postgresql://postgres@localhost:{port}/postgres?sslmode=require'],
		to: safe('localhost'),
	},
	{
		way: 'sslmode=require, plain is wanted',
		line: ['postgresql://plain_only@localhost:{port}/postgres?sslmode=require'],
		to: refused,
	},
	{
		way: 'sslmode=verify-ca',
		line: ['postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=verify-ca&sslrootcert={crt}'],
		to: safe('127.0.0.1'),
	},
	{
		way: 'sslmode=verify-ca, no authority',
		line: ['postgresql://postgres@localhost:{port}/postgres?sslmode=verify-ca'],
		to: refused,
	},
	{
		way: 'sslmode=verify-full',
		line: ['postgresql://postgres@localhost:{port}/postgres'],
		env: {PGSSLMODE: 'verify-full', PGSSLROOTCERT: '{crt}'},
		to: safe('localhost'),
	},
	{
		way: 'sslmode=verify-full, another name',
		line: ['postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=verify-full&sslrootcert={crt}'],
		to: refused,
	},
	{
		way: 'the authority of the home',
		line: ['postgresql://postgres@localhost:{port}/postgres?sslmode=verify-full'],
		env: {HOME: '{home}/trusting'},
		to: safe('localhost'),
	},
];

function environmentOf({env = {}}: Way): Readonly<Record<string, string>> {
	const all = {PATH: process.env['PATH'] ?? '', HOME: words['home'] ?? '', ...env};
	return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, fill(value)]));
}

async function byUs(way: Way): Promise<string> {
	const {code, stdout, stderr} = await runCommand([...way.line.map(fill), '--once', '--json'], {
		env: environmentOf(way),
	});
	// There is no Absurd in that database: the session is told all the same.
	const {session} = stdout === '' ? {session: null} : JSON.parse(stdout);
	if (session === null) {
		expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
		return refused;
	}
	return `${session.host} ${session.port} ${session.user} ${session.database} ${session.tls ? 'tls' : 'plain'}`;
}

const script = String.raw`\echo :HOST :PORT
select current_user, current_database(), case when ssl then 'tls' else 'plain' end
from pg_stat_ssl where pid = pg_backend_pid()`;

function byPsql(way: Way): string {
	const line = ['-X', '-w', '-At', '-F', ' ', ...way.line.map(fill)];
	const {status, stdout} = spawnSync('psql', line, {input: script, env: environmentOf(way), encoding: 'utf8'});
	return status === 0 ? stdout.trim().replace('\n', ' ') : refused;
}

describe.skipIf(!hasOpenssl)('we and psql arrive at the same place', () => {
	beforeAll(async () => {
		tls = await startTlsServer(secret);
		const {directory: home, certificate: crt, server} = tls;
		const {port, socketDirectory: socket} = server;
		const escaped = secret.replace(/[\\:]/g, String.raw`\$&`);
		const file = join(home, 'passwords');
		words = {port: String(port), socket, home, crt, file, secret: encodeURIComponent(secret), slash: '%2F'};
		for (const name of ['.pgpass', 'passwords'])
			writeFileSync(join(home, name), `# mine\nother:*:*:*:wrong\n*:${port}:*:secured:${escaped}\n*:*:*:*:wrong\n`, {
				mode: 0o600,
			});
		writeFileSync(
			join(home, '.pg_service.conf'),
			fill(
				'[other]\nhost=nowhere\n\n[jobs]\nhost=localhost\nport={port}\ndbname=postgres\nuser=tls_only\nsslmode=require\n',
			),
		);
		// A home whose authority is known, and no password.
		mkdirSync(join(home, 'trusting', '.postgresql'), {recursive: true});
		copyFileSync(crt, join(home, 'trusting', '.postgresql', 'root.crt'));
		chmodSync(home, 0o755);
	});
	afterEach(endPrograms);
	afterAll(() => tls.remove());

	test.each(ways.map(way => [way.way, way] as const))('%s', async (_name, way) => {
		expect(await byUs(way)).toBe(fill(way.to));
		if (hasPsql) expect(byPsql(way)).toBe(fill(way.to));
	});

	test('a password that is asked for', async () => {
		const url = fill('postgresql://secured@localhost:{port}/postgres');
		const env = {HOME: '/nonexistent', PGPASSWORD: '', PGPASSFILE: '/nonexistent'};
		const ours = startProgram([url, '--once', '--json'], {columns: 200, env});
		await ours.waitFor(/Password for secured at localhost:\d+\/postgres:/);
		ours.write(`${secret}\r`);
		await ours.exited;
		expect(ours.output()).toMatch(/"user": "secured",\s+"host": "localhost",/);
		expect(ours.output()).not.toContain('s3cret');
		if (!hasPsql) return;
		const theirs = startProgram(['-At', url, '-c', 'select current_user'], {
			columns: 200,
			env,
			node: 'psql',
			script: '-X',
		});
		await theirs.waitFor(/Password for user secured:/);
		theirs.write(`${secret}\r`);
		expect((await theirs.exited).code).toBe(0);
		expect(theirs.screen()).toMatch(/^secured$/m);
	});
});
