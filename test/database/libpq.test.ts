import {execFileSync, spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type ConnectionRequest, planConnection} from '../../source/database/conninfo.ts';
import {openSession} from '../../source/database/open-session.ts';
import {createPasswords} from '../../source/database/passwords.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';

const hasPsql = spawnSync('psql', ['--version']).status === 0;
if (!hasPsql) console.log('psql is not installed: the comparison with libpq is skipped.');

let database: TestDatabase;
let directory: string;
/** What the templates below mean: `{port}`, `{socket}`, `{db}`, `{home}`. */
let words: Record<string, string>;

beforeAll(async () => {
	database = await createDatabase();
	directory = mkdtempSync(join(tmpdir(), 'absurd-top-libpq-'));
	const [row] = await database.query<{unix_socket_directories: string}>('show unix_socket_directories');
	const odd = `o'dd db ü%`;
	await database.query(`create role "o'dd user" login superuser`);
	words = {
		port: new URL(database.url).port,
		socket: row?.unix_socket_directories ?? '',
		db: database.name,
		home: directory,
		odd,
	};
	const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '');
	writeFileSync(
		join(directory, '.pg_service.conf'),
		fill(
			'# services\n[other]\nhost=nowhere\n\n[jobs]\nhost=127.0.0.1\nport={port}\ndbname={db}\nuser=postgres\n[after]\nuser=x\n',
		),
	);
	mkdirSync(join(directory, 'etc'));
	writeFileSync(
		join(directory, 'etc', 'pg_service.conf'),
		fill('[central]\nhost=127.0.0.1\nport={port}\ndbname={db}\n'),
	);
	chmodSync(directory, 0o755);
});
afterAll(async () => {
	rmSync(directory, {recursive: true, force: true});
	await database.query(`drop role "o'dd user"`);
	await database.drop();
});

interface Input {
	readonly database?: string;
	readonly host?: string;
	readonly port?: string;
	readonly user?: string;
	readonly environment?: Readonly<Record<string, string>>;
}

function filled(input: Input): Input {
	const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '');
	return JSON.parse(JSON.stringify(input), (_key, value: unknown) => (typeof value === 'string' ? fill(value) : value));
}

function environmentOf({environment = {}}: Input): NodeJS.ProcessEnv {
	return {PATH: process.env['PATH'], HOME: directory, PGUSER: 'postgres', ...environment};
}

function byPsql(input: Input): string {
	const flags = Object.entries({'-d': input.database, '-h': input.host, '-p': input.port, '-U': input.user}).flatMap(
		([flag, value]) => (value === undefined ? [] : [flag, value]),
	);
	const script = String.raw`\echo :HOST :PORT
select current_user, current_database(), current_setting('application_name') = 'x'`;
	return execFileSync('psql', ['-X', '-At', ...flags], {
		input: script,
		env: environmentOf(input),
		encoding: 'utf8',
	}).trim();
}

async function byUs(input: Input): Promise<string> {
	const {database: name, host, port, user} = input;
	const request: ConnectionRequest = {database: name, host, port, user};
	const environment = environmentOf(input);
	const plan = planConnection(request, environment);
	const session = await openSession(plan, createPasswords(plan, undefined), false);
	const {facts} = session;
	await session.close();
	return `${facts.host} ${facts.port}\n${facts.user}|${facts.database}|${plan.applicationName === 'x' ? 't' : 'f'}`;
}

// psql lets a URL win over its flags and falls back to the user's name: those two differ on purpose and are not here.
const inputs: readonly Input[] = [
	{database: 'postgresql://127.0.0.1:{port}/{db}'},
	{database: 'postgres://127.0.0.1:{port}/{db}'},
	{database: 'postgresql://postgres@localhost:{port}/{db}?application_name=x'},
	{database: `postgresql://o%27dd%20user@127.0.0.1:{port}/{db}`},
	{database: 'postgresql:///{db}?host={socket}&port={port}'},
	{database: 'postgresql://127.0.0.1:1,127.0.0.1:{port}/{db}'},
	{database: 'postgresql://127.0.0.1:1,localhost:{port}/{db}?user=postgres'},
	{database: 'postgresql://127.0.0.1/{db}?port={port}'},
	{database: 'host=127.0.0.1 port={port} dbname={db}'},
	{database: `host = '127.0.0.1'  port={port} dbname={db} user='o\\'dd user'`},
	{database: `host=127.0.0.1 port={port} dbname={db} user=o\\'dd\\ user application_name=x`},
	{database: `host={socket} port={port} dbname={db}`},
	{database: 'host=127.0.0.1,localhost port=1,{port} dbname={db}'},
	{database: 'hostaddr=127.0.0.1 host=whatever port={port} dbname={db} sslmode=disable'},
	{database: '{db}', host: '127.0.0.1', port: '{port}'},
	{database: '{db}', host: '{socket}', port: '{port}', user: "o'dd user"},
	{database: '{db}', environment: {PGHOST: '127.0.0.1', PGPORT: '{port}', PGAPPNAME: 'x'}},
	{environment: {PGHOST: 'localhost', PGPORT: '{port}', PGDATABASE: '{db}'}},
	{environment: {PGHOST: '{socket}', PGPORT: '{port}', PGDATABASE: '{db}', PGSSLMODE: 'require'}},
	{environment: {PGHOSTADDR: '127.0.0.1', PGPORT: '{port}', PGDATABASE: '{db}'}},
	{database: 'service=jobs'},
	{database: 'service=jobs user=postgres application_name=x'},
	{database: 'postgresql:///?service=jobs'},
	{environment: {PGSERVICE: 'jobs', PGDATABASE: 'nowhere', PGHOST: 'nowhere'}},
	{environment: {PGSERVICE: 'central', PGSYSCONFDIR: '{home}/etc'}},
	{environment: {PGSERVICE: 'central', PGSERVICEFILE: '{home}/etc/pg_service.conf'}},
	{database: 'host=127.0.0.1 port={port} dbname={db} target_session_attrs=read-write sslmode=prefer connect_timeout=5'},
];

describe.skipIf(!hasPsql)('psql and we arrive at the same place', () => {
	test.each(inputs.map(input => [JSON.stringify(input), input] as const))('%s', async (_name, input) => {
		const given = filled(input);
		expect(await byUs(given)).toBe(byPsql(given));
	});
});

describe.skipIf(!hasPsql)('psql and we refuse the same', () => {
	const wrong = [
		'postgresql://127.0.0.1/x?foo=1',
		'postgresql://127.0.0.1/x?application_name',
		'postgresql://127.0.0.1/x?application_name=a=b',
		'postgresql://127.0.0.1:99999/x',
		'postgresql://127.0.0.1/%zz',
		'postgresql://[::1/x',
		'host=a b',
		`host='a`,
		'foo=bar',
		'host=a,b hostaddr=127.0.0.1',
		'host=a,b,c port=1,2',
		'sslmode=maybe host=a',
		'target_session_attrs=best host=a',
		'service=nowhere',
	];
	test.each(wrong)('%s', text => {
		const {status, stderr} = spawnSync('psql', ['-X', '-d', text, '-c', 'select 1'], {
			env: environmentOf({}),
			encoding: 'utf8',
		});
		expect(status).toBe(2);
		expect(stderr).not.toMatch(/could not translate|refused|does not exist/);
		const request = {database: text, host: undefined, port: undefined, user: undefined};
		expect(() => planConnection(request, environmentOf({}))).toThrow(expect.objectContaining({name: 'UsageError'}));
	});
});
