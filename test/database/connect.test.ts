import {spawnSync} from 'node:child_process';
import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import pg from 'pg';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {planConnection} from '../../source/database/conninfo.ts';
import {openSession} from '../../source/database/open-session.ts';
import {createPasswords, type PasswordQuestion} from '../../source/database/passwords.ts';
import type {Session} from '../../source/database/statement.ts';
import {startProxy} from '../support/proxy.ts';
import type {TestServer} from '../support/server.ts';
import {probe, rowsOf, sessionOn} from '../support/session.ts';
import {startTlsServer, type TlsServer} from '../support/tls-server.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('openssl is not installed: the tests of TLS and passwords are skipped.');

const secret = `s3cret:'"\\ü`;

describe.skipIf(!hasOpenssl)('a server with TLS and passwords', () => {
	let tls: TlsServer;
	let server: TestServer;
	let directory: string;
	let certificate: string;

	beforeAll(async () => {
		tls = await startTlsServer(secret);
		({server, directory, certificate} = tls);
	});
	afterAll(() => tls.remove());

	const on = (user: string, parameters: string, host = 'localhost'): string =>
		`postgresql://${user}@${host}:${server.port}/postgres?${parameters}`;

	async function usesTls(url: string): Promise<boolean> {
		const session = await sessionOn(url);
		const {outcomes} = await session.read([probe('select ssl from pg_stat_ssl where pid = pg_backend_pid()')], 5000);
		await session.close();
		expect(rowsOf(outcomes[0])).toEqual([{ssl: session.facts.tls}]);
		return session.facts.tls;
	}

	describe('sslmode', () => {
		const modes: ReadonlyArray<readonly [user: string, parameters: string, tls: boolean]> = [
			['postgres', 'sslmode=prefer', true],
			['postgres', 'sslmode=allow', false],
			['postgres', 'sslmode=disable', false],
			['postgres', 'sslmode=require', true],
			['plain_only', 'sslmode=prefer', false],
			['tls_only', 'sslmode=allow', true],
			['postgres', 'sslmode=verify-ca&sslrootcert={crt}', true],
			['postgres', 'sslmode=verify-full&sslrootcert={crt}', true],
			['postgres', 'sslmode=require&sslnegotiation=direct', true],
		];
		test.each(modes)('%s, %s', async (user, parameters, tls) => {
			expect(await usesTls(on(user, parameters.replace('{crt}', certificate)))).toBe(tls);
		});

		test('verify-full checks the name, verify-ca does not', async () => {
			const withName = (mode: string) => on('postgres', `sslmode=${mode}&sslrootcert=${certificate}`, '127.0.0.1');
			expect(await usesTls(withName('verify-ca'))).toBe(true);
			await expect(sessionOn(withName('verify-full'))).rejects.toThrow(/certificate was not accepted/);
		});

		test('a stranger is not accepted', async () => {
			await expect(sessionOn(on('postgres', 'sslmode=verify-full&sslrootcert=system'))).rejects.toThrow(
				/certificate was not accepted/,
			);
			await expect(sessionOn(on('postgres', 'sslmode=verify-ca'))).rejects.toThrow(/needs a root certificate/);
		});

		test('a cancel goes by TLS as well', async () => {
			const session = await sessionOn(on('postgres', 'sslmode=require'));
			const answer = await session.read([probe('select pg_sleep(20)')], 300);
			expect([answer.late, answer.outcomes[0]?.kind]).toEqual([true, 'error']);
			expect(answer.duration).toBeLessThan(3000);
			await session.close();
		});
	});

	describe('passwords', () => {
		async function connects(opening: Promise<Session>): Promise<string> {
			const session = await opening;
			await session.close();
			return session.facts.user;
		}

		test('from the URL, PGPASSWORD and the password file', async () => {
			const withPassword = `postgresql://secured:${encodeURIComponent(secret)}@localhost:${server.port}/postgres`;
			expect(await connects(sessionOn(withPassword))).toBe('secured');
			const url = on('secured', 'sslmode=prefer');
			expect(await connects(sessionOn(url, {environment: {PGPASSWORD: secret}}))).toBe('secured');
			const file = join(directory, 'pgpass');
			const escaped = secret.replace(/[\\:]/g, String.raw`\$&`);
			writeFileSync(file, `# mine\nother:*:*:*:wrong\nlocalhost:${server.port}:*:secured:${escaped}\n*:*:*:*:wrong\n`, {
				mode: 0o600,
			});
			expect(await connects(sessionOn(url, {environment: {PGPASSFILE: file}}))).toBe('secured');
			expect(await connects(sessionOn(`${url}&passfile=${file}`))).toBe('secured');
			chmodSync(file, 0o640);
			await expect(sessionOn(url, {environment: {PGPASSFILE: file}})).rejects.toThrow(
				/passed over because others may read it/,
			);
		});

		test('a wrong one is named by where it came from, never shown', async () => {
			const opening = sessionOn(on('secured', ''), {environment: {PGPASSWORD: 'hunter2'}});
			await expect(opening).rejects.toThrow(/password for user secured was not accepted.*PGPASSWORD/);
			await expect(opening).rejects.not.toThrow(/hunter2/);
			await expect(opening).rejects.toMatchObject({error: {sqlstate: '28P01', fatal: true}});
		});

		test('is asked for three times', async () => {
			const asked: PasswordQuestion[] = [];
			const answers = ['hunter2', '', secret];
			const ask = async (question: PasswordQuestion) => {
				asked.push(question);
				return answers[asked.length - 1];
			};
			expect(await connects(sessionOn(on('secured', 'sslmode=require'), {ask}))).toBe('secured');
			expect(asked.map(({attempt}) => attempt)).toEqual([1, 2, 3]);
			expect(asked[0]).toMatchObject({user: 'secured', host: 'localhost', port: server.port, database: 'postgres'});
		});

		test('is waited for longer than a connection may take', async () => {
			const url = on('secured', 'sslmode=require&connect_timeout=2');
			const ask = async () => {
				await new Promise(resolve => setTimeout(resolve, 2500));
				return secret;
			};
			expect(await connects(sessionOn(url, {ask}))).toBe('secured');
		});

		test('is not asked for any more once the screen may be open', async () => {
			const answers = [secret];
			const plan = planConnection(
				{database: on('secured', ''), host: undefined, port: undefined, user: undefined},
				{HOME: '/'},
			);
			const passwords = createPasswords(plan, async () => answers.pop());
			expect(await connects(openSession(plan, passwords, false))).toBe('secured');
			passwords.stopAsking();
			expect(await connects(openSession(plan, passwords, false))).toBe('secured');
			const admin = new pg.Client({connectionString: server.url()});
			await admin.connect();
			await admin.query(`alter role secured password 'changed'`);
			answers.push('changed');
			await expect(openSession(plan, passwords, false)).rejects.toThrow(/wants a password/);
			await admin.query(`alter role secured password '${secret.replaceAll("'", "''")}'`);
			await admin.end();
		});

		test('and not a fourth time', async () => {
			let asked = 0;
			const ask = async () => {
				asked++;
				return 'hunter2';
			};
			await expect(sessionOn(on('secured', ''), {ask})).rejects.toThrow(/was not accepted/);
			expect(asked).toBe(3);
		});

		test('what was typed serves the second connection too', async () => {
			let asked = 0;
			const ask = async () => {
				asked++;
				return secret;
			};
			const session = await sessionOn(on('secured', 'sslmode=require'), {ask, readOnly: true});
			expect([session.facts.readOnly, asked]).toEqual(['session', 1]);
			await session.close();
		});

		test('without a terminal it says what to do', async () => {
			await expect(sessionOn(on('secured', ''))).rejects.toThrow(
				/wants a password for user secured.*PGPASSWORD.*pgpass/,
			);
		});
	});

	describe('several hosts', () => {
		test('the first one that is there and fits', async () => {
			const list = `host=127.0.0.1,localhost port=1,${server.port} user=postgres dbname=postgres`;
			const session = await sessionOn(list);
			expect(session.facts).toMatchObject({host: 'localhost', port: server.port});
			await session.close();
			await expect(sessionOn(`${list} target_session_attrs=standby`)).rejects.toThrow(
				/nothing listens on 127.0.0.1:1.*it is no standby/s,
			);
			await connectsAs(`${list} target_session_attrs=prefer-standby`);
			await connectsAs(`${list} target_session_attrs=read-write`);
			await expect(sessionOn(`${list} target_session_attrs=read-only`)).rejects.toThrow(/not read-only/);
		});

		async function connectsAs(list: string): Promise<void> {
			const session = await sessionOn(list);
			await session.close();
		}

		test('one that says no has the last word', async () => {
			const refused = `host=localhost,127.0.0.1 port=${server.port} user=postgres dbname=missing`;
			await expect(sessionOn(refused)).rejects.toThrow(/no database missing/);
			await expect(sessionOn(refused)).rejects.not.toThrow(/Then:/);
		});

		test('one that never answers is given up', async () => {
			const proxy = await startProxy(server.port);
			proxy.freeze();
			const list = `host=127.0.0.1,localhost port=${proxy.port},${server.port} user=postgres dbname=postgres connect_timeout=2`;
			const session = await sessionOn(list);
			expect(session.facts.host).toBe('localhost');
			await session.close();
			await proxy.close();
		});
	});

	test('sockets without TLS, whatever sslmode says', async () => {
		const session = await sessionOn(
			`host=${server.socketDirectory} port=${server.port} user=postgres dbname=postgres sslmode=require`,
		);
		expect(session.facts).toMatchObject({tls: false, host: server.socketDirectory});
		await session.close();
	});
});

describe('nobody there', () => {
	const table: ReadonlyArray<readonly [string, RegExp]> = [
		['postgresql://127.0.0.1:1/x', /^Could not connect: nothing listens on 127\.0\.0\.1:1\. .*-h and -p\.$/],
		[
			'host=/nonexistent,127.0.0.1 port=1 dbname=x',
			/: no server answers on \/nonexistent\/\.s\.PGSQL\.1, 127\.0\.0\.1:1\. Start/,
		],
		['postgresql://no-such-host.invalid/x', /host name no-such-host\.invalid (?:is not known|could not be looked up)/],
		['host=/nonexistent dbname=x', /no server socket \/nonexistent\/\.s\.PGSQL\.5432/],
	];
	test.each(table)('%s', async (url, sentence) => {
		await expect(sessionOn(url)).rejects.toThrow(sentence);
	});
});
