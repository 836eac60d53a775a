import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {type Absurd, eventually, type Spawned, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, isRestored, startProgram} from '../support/program.ts';

let database: TestDatabase;
let absurd: Absurd;
let dead: Spawned;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	await absurd.createQueue('agents');
	dead = await absurd.spawn('mail', 'send-invoice', {order: 4711}, {max_attempts: 1});
	const [run] = await absurd.claim('mail', 'w-3:12');
	await absurd.fail('mail', run ?? '', 'SMTPServerDisconnected', 'Connection unexpectedly closed');
	await absurd.spawn('agents', 'run-agent', {prompt: 'Compare'});
	await absurd.claim('agents', 'w-7:311', 1, 600);
	await absurd.spawn('agents', 'run-agent', {prompt: 'later'});
});

afterEach(endPrograms);
afterAll(() => database.drop());

describe('the screen', () => {
	it('shows queues, claims and failures within a moment, and quits with the terminal as it was', async () => {
		const program = startProgram([database.url], {columns: 200, rows: 50});
		const screen = await program.waitFor('SMTPServerDisconnected');
		expect(program.alternate()).toBe(true);
		expect(screen).toMatch(/agents +1 /);
		expect(screen).toContain('w-7:311');
		expect(screen).toContain('send-invoice');
		await program.press('q');
		expect(await program.exited).toEqual({code: 0, signal: undefined});
		expect(isRestored(program)).toBe(true);
	});

	it.each([
		[80, 24],
		[120, 40],
		[200, 50],
		[60, 15],
		[300, 100],
	])('fills a window of %ix%i exactly: title on top, hints below', async (columns, rows) => {
		const program = startProgram([database.url], {columns, rows});
		// A frame arrives in pieces, the hints last.
		await program.waitFor(screen => screen.includes('SMTPServ') && screen.includes('? help'));
		const lines = program.rows();
		expect(lines).toHaveLength(rows);
		expect(lines[0]).toContain(database.name);
		expect(lines.slice(-2).join(' ')).toContain('? help');
		for (const line of lines) expect([...line].length).toBeLessThanOrEqual(columns);
	});

	it('follows the window while it changes, and says what it needs below 60x15', async () => {
		const program = startProgram([database.url], {columns: 120, rows: 40});
		await program.waitFor('send-invoice');
		program.resize(59, 20);
		await program.waitFor(/60x15/);
		program.resize(200, 50);
		await program.waitFor(screen => screen.includes('send-invoice') && !screen.includes('60x15'));
		for (const [columns, rows] of [
			[90, 30],
			[61, 16],
			[150, 45],
			[80, 24],
		] as const)
			program.resize(columns, rows);
		// Between two sizes the terminal and the program disagree for a moment.
		await program.waitFor(() => {
			const rows = program.rows();
			return rows[0]?.includes(database.name) === true && rows.at(-2)?.includes('? help') === true;
		});
		expect(program.screen()).toContain('send-invoice');
	});

	it('opens a pasted id, of a task or a run', async () => {
		const program = startProgram([database.url]);
		await program.waitFor('send-invoice');
		program.write(`\u001B[200~${dead.taskId}\u001B[201~`);
		await program.waitFor(`open ▸ ${dead.taskId}`);
		await program.press('enter');
		// The id is there while the task is still being read, and findings speak of failures everywhere.
		const screen = await program.waitFor(/failed, attempt 1 of 1/);
		expect(screen).toContain(dead.taskId);
		expect(screen).toContain('send-invoice');
	});

	it('goes from a failure to its detail and back by keys alone', async () => {
		const program = startProgram([database.url]);
		await program.waitFor('send-invoice');
		await program.press('tab', 'tab', 'enter');
		const screen = await program.waitFor('Connection unexpectedly closed');
		expect(screen).toContain(dead.taskId);
		await program.press('escape');
		await program.waitFor(/Recent failures/);
		await program.press('?');
		await program.waitFor(/Help[\s\S]*next row/);
		await program.press('escape', 'q');
		expect((await program.exited).code).toBe(0);
	});

	it('is silent while paused: no bytes, no statement', async () => {
		const program = startProgram([database.url, '-i', '0.2']);
		await program.waitFor('send-invoice');
		await program.press('p');
		await program.waitFor(/paused/i);
		const lastQuery = async () => {
			const rows = await database.query<{at: string}>(
				`select max(query_start)::text as at from pg_stat_activity
				 where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
			);
			return rows[0]?.at;
		};
		const life = async () => ({bytes: program.bytes(), last: await lastQuery()});
		// The answer that was under way when the key came may still be drawn.
		let before = await life();
		await eventually('it is quiet', async () => {
			const earlier = before;
			await new Promise(resolve => setTimeout(resolve, 400));
			before = await life();
			return JSON.stringify(before) === JSON.stringify(earlier);
		});
		expect(before.last).toBeDefined();
		// Ten intervals without a sign of life; there is no condition to wait for.
		await new Promise(resolve => setTimeout(resolve, 2000));
		expect(await life()).toEqual(before);
		await program.press('p');
		await program.waitFor(screen => !/paused/i.test(screen));
	});

	it('keeps warnings of Node and of libraries off the screen, for the debug log', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'absurd-top-warning-'));
		const [hook, log] = [join(folder, 'hook.cjs'), join(folder, 'log')];
		writeFileSync(hook, `setInterval(() => process.emitWarning('scribbled ' + process.uptime()), 200).unref();`);
		const program = startProgram([database.url, '--debug-log', log], {env: {NODE_OPTIONS: `--require ${hook}`}});
		await program.waitFor('SMTPServerDisconnected');
		await eventually('a warning in the log', async () => readFileSync(log, 'utf8').includes('Warning: scribbled'));
		await program.press('q');
		expect(await program.exited).toEqual({code: 0, signal: undefined});
		expect(program.output()).not.toContain('scribbled');
		rmSync(folder, {recursive: true});
	});

	it('shows live what workers do', async () => {
		const program = startProgram([database.url, '-i', '0.2'], {columns: 200, rows: 50});
		await program.waitFor('send-invoice');
		const fresh = await absurd.spawn('mail', 'send-newsletter', {}, {max_attempts: 1});
		const [run] = await absurd.claim('mail', 'w-9:1');
		await program.waitFor('send-newsletter');
		await absurd.fail('mail', run ?? '', 'BounceError', 'no such mailbox');
		await program.waitFor('BounceError');
		expect(fresh.runId).toBe(run);
	});
});
