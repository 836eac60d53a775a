import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, startProgram} from '../support/program.ts';
import {startServer, type TestServer} from '../support/server.ts';

/** A home without a password file; what the program keeps there goes with it. */
const home = mkdtempSync(join(tmpdir(), 'absurd-top-home-'));
afterAll(() => rmSync(home, {recursive: true, force: true}));

const bundle = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist', 'absurd-top.js');

interface Result {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the bundle without a terminal. */
function run(arguments_: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
	const child = spawn(process.execPath, [bundle, ...arguments_], {
		env: {PATH: process.env['PATH'], HOME: home, ...env},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', text => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', text => {
		stderr += text;
	});
	return new Promise(resolve => child.on('close', code => resolve({code, stdout, stderr})));
}

let database: TestDatabase;
let absurd: Absurd;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	await absurd.spawn('mail', 'send-invoice\u001B[31m', {}, {max_attempts: 1});
	const [run_] = await absurd.claim('mail', 'w-3:12');
	await absurd.fail('mail', run_ ?? '', 'BounceError', 'no such\u001B]52;c;aGk=\u0007 mailbox');
	await absurd.spawn('mail', 'send-invoice');
});

afterEach(endPrograms);
afterAll(() => database.drop());

describe('wrong usage ends with 2 and a sentence', () => {
	it.each([
		[['--colour'], /no flag --colour/],
		[['-i', 'abc'], /--interval is "abc"/],
		[['-h'], /needs a value/],
		[['-d', 'one', 'two'], /named twice/],
		[['postgresql://[::1/x'], /URL/i],
		[['postgresql://host:port/x'], /port/i],
		[['--demo', '-h', 'db1'], /--demo brings its own/],
	])('%j', async (arguments_, sentence) => {
		const {code, stdout, stderr} = await run(arguments_);
		expect({code, stdout}).toEqual({code: 2, stdout: ''});
		expect(stderr).toMatch(sentence);
		expect(stderr.trim().split('\n')).toHaveLength(1);
	});
});

describe('what cannot be read ends with 1 and a sentence', () => {
	it('an unreachable host', async () => {
		const {code, stderr} = await run(['postgresql://postgres@127.0.0.1:1/x', '--once']);
		expect(code).toBe(1);
		expect(stderr).toMatch(/127\.0\.0\.1:1/);
		expect(stderr).not.toMatch(/\bat .*\.js/);
	});

	it('a database that is not there', async () => {
		const {code, stderr} = await run([database.url.replace(database.name, 'nowhere'), '--once']);
		expect(code).toBe(1);
		expect(stderr).toMatch(/nowhere/);
		expect(stderr).toMatch(/3D000/);
	});

	it('a database without Absurd; on the screen it says the ways out', async () => {
		const empty = await createDatabase({empty: true});
		const {code, stderr} = await run([empty.url, '--once']);
		expect(code).toBe(1);
		expect(stderr).toMatch(/no schema absurd/);
		const program = startProgram([empty.url], {columns: 80, rows: 24});
		await program.waitFor(/no schema/);
		await program.press('q');
		expect((await program.exited).code).toBe(0);
		await empty.drop();
	});

	it('a role without rights', async () => {
		const role = `nobody_${database.name}`;
		await database.query(`create role ${role} login`);
		const url = new URL(database.url);
		url.username = role;
		const {code, stderr} = await run([url.href, '--once']);
		expect(code).toBe(1);
		expect(stderr).toMatch(/42501/);
		await database.query(`drop role ${role}`);
	});

	describe('a wrong password', () => {
		let server: TestServer;
		beforeAll(async () => {
			server = await startServer();
			const rules = join(server.dataDirectory, 'pg_hba.conf');
			writeFileSync(rules, `host all locked 127.0.0.1/32 scram-sha-256\n${readFileSync(rules, 'utf8')}`);
			const {default: pg} = await import('pg');
			const client = new pg.Client({connectionString: server.url()});
			await client.connect();
			await client.query("create role locked login superuser password 'right'");
			await client.query('select pg_reload_conf()');
			await client.end();
		});
		afterAll(() => server.remove());

		it('is never shown, without a terminal nobody is asked', async () => {
			const url = `postgresql://locked@127.0.0.1:${server.port}/postgres`;
			const wrong = await run([url, '--once'], {PGPASSWORD: 'wrong-secret'});
			expect(wrong.code).toBe(1);
			expect(wrong.stderr).toMatch(/28P01/);
			expect(wrong.stderr).not.toContain('wrong-secret');
			const none = await run([url, '--once']);
			expect(none.code).toBe(1);
			expect(none.stderr).toMatch(/PGPASSWORD/);
		});

		it('is asked for before the screen opens, three times, without echo', async () => {
			const program = startProgram([`postgresql://locked@127.0.0.1:${server.port}/postgres`], {
				env: {HOME: home, PGPASSWORD: ''},
			});
			for (const [word, prompt] of [
				['hunter1', 'postgres:'],
				['hunter2', '(2 of 3):'],
				['hunter3', '(3 of 3):'],
			] as const) {
				await program.waitFor(prompt);
				program.write(`${word}\r`);
			}
			expect((await program.exited).code).toBe(1);
			expect(program.output()).not.toMatch(/hunter/);
			expect(program.output()).not.toContain('\u001B[?1049h');
			const again = startProgram([`postgresql://locked@127.0.0.1:${server.port}/postgres`], {
				env: {HOME: home, PGPASSWORD: ''},
			});
			await again.waitFor(/Password for locked/);
			again.write('right\r');
			await again.waitFor(/no schema/);
			expect(again.alternate()).toBe(true);
		});
	});
});

describe('the headless twin', () => {
	it('is what a pipe gets; nothing of the data reaches it raw', async () => {
		const {code, stdout, stderr} = await run([database.url]);
		expect({code, stderr}).toEqual({code: 0, stderr: ''});
		expect(stdout).toMatch(/mail/);
		expect(stdout).toMatch(/BounceError/);
		expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
	});

	it('prints the Snapshot as JSON, with the counts of the tables', async () => {
		const {code, stdout} = await run([database.url, '--json']);
		expect(code).toBe(0);
		const snapshot = JSON.parse(stdout);
		const [queue] = snapshot.queues;
		expect(queue).toMatchObject({name: 'mail', ready: {value: 1, exactness: 'exact'}});
		expect(snapshot.failures).toHaveLength(1);
		expect(snapshot.failures[0]).toMatchObject({outcome: 'dead', errorName: 'BounceError'});
	});

	it('ends quietly when nobody reads on', async () => {
		const child = spawn('/bin/sh', ['-c', `"${process.execPath}" "${bundle}" "${database.url}" --json | head -c 10`]);
		let stderr = '';
		child.stderr.on('data', text => {
			stderr += String(text);
		});
		const code = await new Promise(resolve => child.on('close', resolve));
		expect({code, stderr}).toEqual({code: 0, stderr: ''});
	});
});
