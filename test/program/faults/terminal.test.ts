import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {type Absurd, eventually, stage} from '../../support/absurd.ts';
import {bundle} from '../../support/command.ts';
import {createDatabase, type TestDatabase} from '../../support/database.ts';
import {endPrograms, isRestored, type Program, quit, startProgram} from '../../support/program.ts';
import {startProxy} from '../../support/proxy.ts';

// However the program ends, the terminal is as it was, the shell is told why, and the server keeps no session of it.

let database: TestDatabase;
let absurd: Absurd;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	await absurd.spawn('mail', 'send-invoice', {}, {max_attempts: 1});
	const [run] = await absurd.claim('mail', 'w-3:12');
	await absurd.fail('mail', run ?? '', 'Bounce', 'no');
});
afterEach(endPrograms);
afterAll(() => database.drop());

const preload = (name: string) => ({
	NODE_OPTIONS: `--import=${fileURLToPath(new URL(`./preload/${name}.js`, import.meta.url))}`,
});

async function watch(env: Readonly<Record<string, string>> = {}): Promise<Program> {
	const program = startProgram([database.url, '-i', '0.3'], {columns: 100, rows: 30, env});
	await program.waitFor('Bounce');
	return program;
}

async function sessions(): Promise<number> {
	const [row] = await database.query<{n: number}>(
		'select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
	);
	return row?.n ?? 0;
}

async function expectGone(program: Program, code: number): Promise<void> {
	expect((await program.exited).code).toBe(code);
	expect(isRestored(program)).toBe(true);
	await eventually('no session is left', async () => (await sessions()) === 0);
}

describe('signals', () => {
	it.each([
		['SIGHUP', 129],
		['SIGINT', 130],
		['SIGTERM', 143],
	] as const)('%s ends it with %i', async (signal, code) => {
		const program = await watch();
		program.kill(signal);
		await expectGone(program, code);
		expect(program.screen()).toBe('');
	});

	it('SIGTERM ends it while a dialog is open and nothing has been done', async () => {
		const program = await watch();
		await program.press('tab', 'tab');
		await program.ask('R', /y retry it/);
		program.kill('SIGTERM');
		await expectGone(program, 143);
		expect(await absurd.count('r', 'mail')).toBe(1);
	});

	it('SIGTSTP gives the terminal back, SIGCONT takes it again, with the data of now', async () => {
		const program = await watch();
		program.kill('SIGTSTP');
		// Where nobody can stop it, it is back before long: what was written tells that it had let go.
		const lettingGo = ['\u001B[?1049l', '\u001B[?25h', '\u001B[?2004l'];
		await program.waitFor(() => lettingGo.every(mode => program.output().includes(mode)));
		await absurd.spawn('mail', 'later');
		program.kill('SIGCONT');
		await program.waitFor(screen => program.alternate() && /mail +1 /.test(screen));
		expect(await quit(program)).toEqual({code: 0, restored: true});
	});
});

describe('an output that is closed', () => {
	it('ends the screen like a hang-up, without a word', async () => {
		const program = await watch();
		program.hangUp();
		await program.exited;
		await eventually('no session is left', async () => (await sessions()) === 0);
	});

	it('ends a list for a pipe quietly', async () => {
		const child = spawn(process.execPath, [bundle, database.url, '--once', '--json'], {
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		child.stdout.destroy();
		let errors = '';
		child.stderr.setEncoding('utf8').on('data', text => {
			errors += text;
		});
		await new Promise(resolve => child.on('close', resolve));
		expect(errors).toBe('');
		await eventually('no session is left', async () => (await sessions()) === 0);
	});
});

it('a component that breaks: the terminal first, then the message, exit code 1', async () => {
	const program = await watch(preload('crash'));
	program.kill('SIGUSR2');
	await expectGone(program, 1);
	expect(program.screen()).toContain('absurd-top: a component broke');
});

describe('clocks', () => {
	it.each([
		['ahead of', 3_600_000],
		['behind', -3_600_000],
	])('an hour %s the database: told once, and ages stay right', async (side, offset) => {
		const program = await watch({...preload('clock'), CLOCK_OFFSET: String(offset)});
		// By so little as the answer took to come it can be less.
		await program.waitFor(new RegExp(`clock is (1h|60m|59m59)\\w* ${side} the database`));
		const screen = await program.waitFor(/✗ +<?\d+[smh]/);
		const [age] = await database.query<{seconds: number}>(
			'select extract(epoch from now() - max(failed_at))::float8 as seconds from absurd.r_mail',
		);
		const shown = /✗ +(<?\d+)([smh])/.exec(screen);
		const unit = {s: 1, m: 60, h: 3600}[shown?.[2] ?? 's'] ?? 1;
		// The text is coarse: from a minute on it tells whole ones.
		const coarse = unit === 1 ? 0 : unit;
		const difference = (age?.seconds ?? 0) - Number((shown?.[1] ?? '0').replace('<', '')) * unit;
		expect(difference).toBeGreaterThan(-15);
		expect(difference).toBeLessThan(coarse + 15);
		// Not stale: that is a matter of how long ago, not of what time it is.
		expect(screen).not.toContain('STALE');
		expect(await quit(program)).toEqual({code: 0, restored: true});
	});

	it('stopped for a while: one tick catches up, not one for each that was missed', async () => {
		const server = new URL(database.url);
		const proxy = await startProxy(Number(server.port));
		server.port = String(proxy.port);
		const interval = 300;
		const missed = 25;
		const program = startProgram([server.href, '-i', String(interval / 1000)], {columns: 100, rows: 30});
		await program.waitFor('Bounce');
		program.kill('SIGSTOP');
		// So many ticks are missed; there is no condition to wait for.
		await new Promise(resolve => setTimeout(resolve, missed * interval));
		const before = proxy.turns();
		const woken = performance.now();
		program.kill('SIGCONT');
		await absurd.spawn('mail', 'after');
		await program.waitFor(/mail +[12] /);
		await eventually('it has ticked on', async () => proxy.turns() >= before + 3, 20_000);
		// A tick is one turn of the talk with the server; beside them the rules asked one queue and the server at most.
		const asked = 3;
		const due = 1 + Math.ceil((performance.now() - woken) / interval);
		expect(proxy.turns() - before).toBeLessThanOrEqual(due + asked);
		expect(due + asked).toBeLessThan(missed);
		expect(program.screen()).not.toContain('STALE');
		expect(await quit(program)).toEqual({code: 0, restored: true});
		await proxy.close();
	}, 60_000);
});
