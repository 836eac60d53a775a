import {createServer, type Socket} from 'node:net';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {type Absurd, stage} from '../support/absurd.ts';
import {runCommand} from '../support/command.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, startProgram} from '../support/program.ts';

// A queue, a role or a right that is asked for and is not there: said in a sentence, and never taken for all's well.

let database: TestDatabase;
let absurd: Absurd;

beforeAll(async () => {
	database = await createDatabase({known: true});
	absurd = stage(database);
	await absurd.createQueue('mail');
});
afterEach(endPrograms);
afterAll(() => database.drop());

describe('a queue that does not exist', () => {
	it('is UNKNOWN for check, by itself and beside others', async () => {
		for (const queues of [
			['-q', 'mial'],
			['-q', 'mail', '-q', 'mial'],
		]) {
			for (const threshold of [[], ['--max-dead', '5']]) {
				const {code, stdout} = await runCommand(['check', database.url, ...queues, ...threshold]);
				expect([code, stdout]).toEqual([
					3,
					expect.stringMatching(/^ABSURD UNKNOWN - (?:mial: there is no such queue|There is no queue mial in )/),
				]);
			}
		}
	});

	it.each([[[]], [['--json']], [['--csv']]])(
		'is 1 and a sentence for --once %j, 0 and the sentence beside others',
		async flags => {
			const alone = await runCommand([database.url, '--once', '-q', 'mial', ...flags]);
			expect([alone.code, alone.stderr]).toEqual([1, `absurd-top: There is no queue mial in ${database.name}.\n`]);
			expect(alone.stdout === '').toBe(flags[0] !== '--json');
			if (flags[0] === '--json') expect(JSON.parse(alone.stdout)).toMatchObject({missing: ['mial'], queues: []});
			const beside = await runCommand([
				database.url,
				'--once',
				'-q',
				'mial',
				'-q',
				'mail',
				'-q',
				'x\u001B[2J',
				...flags,
			]);
			expect([beside.code, beside.stderr]).toEqual([
				0,
				`absurd-top: There are no queues mial, x␛[2J in ${database.name}.\n`,
			]);
			expect(beside.stdout).toContain('mail');
		},
	);

	it('is critical for doctor', async () => {
		const {code, stdout} = await runCommand(['doctor', database.url, '-q', 'mial']);
		expect(code).toBe(1);
		expect(stdout).toMatch(/^critical +queues +There is no queue mial in /m);
	});

	it('is named on the screen, and there as soon as it is created', async () => {
		const program = startProgram([database.url, '-q', 'later', '-i', '0.3'], {columns: 80, rows: 24});
		await program.waitFor(`There is no queue later in ${database.name}.`);
		await program.waitFor('No such queue: later. It appears by itself once it is created.');
		await absurd.createQueue('later');
		// Ctrl-L reads nothing; r asks for the names at once, which else are read every 30 s.
		await program.ask('r', /No task in any queue yet/);
		expect(program.screen()).toMatch(/later +0/);
	}, 60_000);

	it.each(['spawn', 'emit'])('stops %s before anything is asked', async action => {
		const line = [action, 'thing', '-q', 'mial', '-d', database.url, '--no-audit', '--yes'];
		const {code, stdout, stderr} = await runCommand(line);
		expect({code, stdout, stderr}).toEqual({
			code: 1,
			stdout: '',
			stderr: `absurd-top: There is no queue mial in ${database.name}.\n`,
		});
	});
});

it('doctor tells for each queue what to do about that queue', async () => {
	const other = await createDatabase({known: true});
	const there = stage(other);
	for (const queue of ['one', 'two']) {
		await there.createQueue(queue);
		await there.spawn(queue, 'job', {}, {max_attempts: 1});
		const [run = ''] = await there.claim(queue, 'w');
		await there.fail(queue, run, 'Boom', queue);
	}
	const {checks} = JSON.parse((await runCommand(['doctor', other.url, '--json'])).stdout);
	const dead = checks.filter(({check}: {check: string}) => check === 'dead-letters');
	expect(dead).toHaveLength(2);
	for (const {sentence, remedy} of dead) expect(remedy).toContain(`'${sentence.split(':')[0]}'`);
	await other.drop();
});

describe('a role', () => {
	it('that does not exist is no matter of pg_hba.conf', async () => {
		const url = new URL(database.url);
		url.username = 'nobody_at_all';
		const {code, stderr} = await runCommand([url.href, '--once']);
		expect([code, stderr]).toEqual([
			1,
			'absurd-top: Could not connect: role "nobody_at_all" does not exist. Use another user with -U. (28000)\n',
		]);
	});

	it('that may not install is told which right it lacks; that may not read, once', async () => {
		const empty = await createDatabase({empty: true});
		const role = `guest_${database.name}`;
		await database.query(`create role ${role} login`);
		const [bare, full] = [new URL(empty.url), new URL(database.url)];
		for (const url of [bare, full]) url.username = role;
		const install = await runCommand(['init', bare.href, '--yes']);
		expect([install.code, install.stderr]).toEqual([
			1,
			expect.stringMatching(/permission denied for database .*for absurd-top init, create too\. \(42501\)$/m),
		]);
		for (const line of [
			['show', '01999999-0000-7000-8000-000000000001', '-d', full.href],
			['doctor', full.href],
			['check', full.href],
		]) {
			const {stdout, stderr} = await runCommand(line);
			expect(`${stdout}${stderr}`.match(/42501/g)).toHaveLength(1);
			expect(`${stdout}${stderr}`).toMatch(/The database could not be read .*grant usage on schema absurd/);
		}
		await database.query(`drop role ${role}`);
		await empty.drop();
	});
});

it.each(['show', 'check', 'retry'])('a flag that %s does not have: its own help is named', async command => {
	const {stdout, stderr} = await runCommand([command, '--read-only']);
	expect(`${stdout}${stderr}`).toContain(`There is no flag --read-only; absurd-top ${command} --help lists them.`);
});

describe('a server', () => {
	/** Something that listens and is no Postgres; answers its port. */
	async function listen(answer: (socket: Socket) => void): Promise<{port: number; close: () => void}> {
		const server = createServer(answer);
		await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('No port.');
		return {port: address.port, close: () => server.close()};
	}
	const run = (port: number, env: Readonly<Record<string, string>> = {}) =>
		runCommand([`postgresql://x@127.0.0.1:${port}/y`, '--once'], {env});

	it('that is something else is told to be that', async () => {
		const web = await listen(socket => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
		const {code, stderr} = await run(web.port);
		web.close();
		expect([code, stderr]).toEqual([
			1,
			`absurd-top: Could not connect: 127.0.0.1:${web.port} answers, and not as Postgres does. Check host and port.\n`,
		]);
	});

	it('that hangs up at once is not said to be tried again', async () => {
		const door = await listen(socket => socket.destroy());
		const {code, stderr} = await run(door.port);
		door.close();
		expect([code, stderr]).toEqual([
			1,
			`absurd-top: Could not connect: 127.0.0.1:${door.port} took the connection and ended it. See whether it is a Postgres server, and is up; check host and port.\n`,
		]);
	});

	it('that says nothing is waited for as long as PGCONNECT_TIMEOUT allows', async () => {
		const sockets: Socket[] = [];
		const silent = await listen(socket => void sockets.push(socket));
		const {code, stderr} = await run(silent.port, {PGCONNECT_TIMEOUT: '1'});
		for (const socket of sockets) socket.destroy();
		silent.close();
		expect([code, stderr]).toEqual([1, expect.stringContaining(`127.0.0.1:${silent.port} did not answer in time.`)]);
	});
});
