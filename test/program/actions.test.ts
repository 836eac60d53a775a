import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type Absurd, eventually, type Spawned, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, type Program, startProgram, toButton} from '../support/program.ts';

let database: TestDatabase;
let absurd: Absurd;
let failed: Spawned;

beforeEach(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	failed = await absurd.spawn('mail', 'send-invoice', {order: 4711}, {max_attempts: 1});
	// As text: a JavaScript number would lose digits on the way in.
	await database.query(`update absurd."t_mail" set params = '{"order": 90071992547409931}'`);
	const [run] = await absurd.claim('mail', 'w-3:12');
	await absurd.fail('mail', run ?? '', 'BounceError', 'no such mailbox');
});

afterEach(async () => {
	await endPrograms();
	await database.drop();
});

const size = {columns: 120, rows: 40};

/** Starts the program with the cursor on the failed task. */
async function onFailure(...flags: string[]): Promise<Program> {
	const program = startProgram([database.url, '-i', '0.3', ...flags], size);
	await program.waitFor('BounceError');
	await program.press('tab', 'tab');
	return program;
}

const state = async (task: Spawned) => (await absurd.task('mail', task.taskId))?.state;

describe('retry', () => {
	it('asks with the task, its id, state and database, and does it on y', async () => {
		const program = await onFailure();
		const dialog = await program.ask('R', 'y retry it');
		for (const fact of ['send-invoice', failed.taskId, 'attempt 1 of 1', database.name]) expect(dialog).toContain(fact);
		expect(await absurd.task('mail', failed.taskId)).toEqual({state: 'failed', attempts: 1, maxAttempts: 1});
		await program.ask('y', 'Retried');
		expect(await absurd.task('mail', failed.taskId)).toEqual({state: 'pending', attempts: 2, maxAttempts: 2});
	});

	it('does nothing on Enter, n, Escape, or any other key', async () => {
		const program = await onFailure();
		for (const keys of [
			['enter', 'n'],
			['space', 'R', 'escape'],
			['Y', 'q', 'n'],
		]) {
			await program.ask('R', 'y retry it');
			await program.press(...keys);
			await program.waitFor(screen => !screen.includes('y retry it'));
		}
		expect(await state(failed)).toBe('failed');
	});

	it('never opens and confirms from one chunk of input', async () => {
		const program = await onFailure();
		program.write('Ry');
		await program.press('j');
		program.write('jRy');
		await program.press('escape', 'escape');
		program.write('\u001B[200~Ry\u001B[201~');
		// It has read all that came before, and the hands do one thing after the other.
		await program.waitFor(/never taken for keys/);
		await program.ask('R', 'y retry it');
		await program.press('n');
		expect(await state(failed)).toBe('failed');
		expect(await absurd.count('r', 'mail')).toBe(1);
	});

	it('as a new task leaves the old one and keeps the digits of its params', async () => {
		const program = await onFailure();
		await program.ask('R', 'y retry it');
		await program.press('s');
		// Until the database has said what that would do, `y` does nothing.
		await program.waitFor(/how +as a new task[\s\S]*y retry it/);
		await program.ask('y', 'Retried as the new task');
		expect(await absurd.count('t', 'mail')).toBe(2);
		expect(await state(failed)).toBe('failed');
		const rows = await database.query<{params: string}>(
			'select params::text from absurd."t_mail" order by task_id desc limit 1',
		);
		expect(rows[0]?.params).toBe('{"order": 90071992547409931}');
	});

	it('says no before the key is pressed on what cannot be retried', async () => {
		const program = startProgram([database.url, '-i', '0.3'], size);
		const running = await absurd.spawn('mail', 'send-receipt');
		await absurd.claim('mail', 'w-3:12');
		await program.waitFor('send-rec');
		await program.press('tab');
		await program.ask('R', /only failed tasks can be retried/);
		expect(await state(running)).toBe('running');
	});
});

describe('cancel', () => {
	it('tells that the worker notices at its next checkpoint, and cancels', async () => {
		const running = await absurd.spawn('mail', 'send-receipt');
		await absurd.claim('mail', 'w-3:12');
		const program = startProgram([database.url, '-i', '0.3'], size);
		await program.waitFor('send-rec');
		await program.press('tab');
		await program.ask('C', /w-3:12[\s\S]*next checkpoint/);
		await program.ask('y', /was cancelled/);
		await eventually('the task is cancelled', async () => (await state(running)) === 'cancelled');
	});
});

describe('spawn', () => {
	it('asks field by field; every printable key goes to the field; the summary needs y', async () => {
		const program = startProgram([database.url, '-i', '0.3'], size);
		await program.waitFor('BounceError');
		await program.ask('N', 'Spawn task');
		await program.press(...'quit?RCNEqp');
		await program.waitFor('quit?RCNEqp');
		await program.press('tab', 'ctrl+u');
		program.write('\u001B[200~{"order": 12345678901234567890}\u001B[201~');
		await program.waitFor('12345678901234567890');
		await toButton(program);
		await program.ask('enter', /y spawn/);
		expect(await absurd.count('t', 'mail')).toBe(1);
		await program.ask('y', 'was made');
		await eventually('the task is there', async () => (await absurd.count('t', 'mail')) === 2);
		const rows = await database.query<{task_name: string; params: string; max_attempts: number}>(
			'select task_name, params::text, max_attempts from absurd."t_mail" order by task_id desc limit 1',
		);
		expect(rows[0]).toEqual({task_name: 'quit?RCNEqp', params: '{"order": 12345678901234567890}', max_attempts: 5});
	});
});

describe('emit', () => {
	it('tells how many tasks wake, and wakes them', async () => {
		const waiting = await absurd.spawn('mail', 'approve');
		await absurd.claim('mail', 'w-1:1');
		await absurd.awaitEvent('mail', waiting, '$awaitEvent:order.paid', 'order.paid');
		const program = startProgram([database.url, '-i', '0.3'], size);
		await program.waitFor('BounceError');
		await program.ask('E', 'Emit event');
		await program.press(...'order.paid');
		await program.waitFor(/event name +order\.paid/);
		await toButton(program);
		await program.ask('enter', `1 task wakes: approve …${waiting.taskId.slice(-6)}`);
		await program.waitFor('y emit it');
		await program.ask('y', 'Esc closes');
		await eventually('the task wakes', async () => (await state(waiting)) === 'pending');
	});
});

describe('--read-only', () => {
	it('has no hands: the keys only say why, the badge says which wall holds', async () => {
		const program = await onFailure('--read-only');
		await program.waitFor(/READ ONLY/);
		for (const [key, action] of [
			['R', 'retry'],
			['C', 'cancel'],
			['N', 'spawn'],
			['E', 'emit'],
		] as const) {
			await program.ask(key, new RegExp(`Cannot ${action}: read-only`));
			await program.press('y');
		}
		expect(await state(failed)).toBe('failed');
		const rows = await database.query<{n: number}>(
			"select count(*)::int as n from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend' and datname = current_database()",
		);
		expect(rows[0]?.n).toBe(1);
	});
});

describe('two operators on one task', () => {
	it('the second is told what the first did to a retry', async () => {
		const [first, second] = [await onFailure(), await onFailure()];
		await first.ask('R', 'y retry it');
		await second.ask('R', 'y retry it');
		await first.ask('y', 'Retried');
		const told = await second.ask('y', /somebody else was\s+[│\s]*quicker/);
		expect(told).toMatch(/it is pending now/);
		expect(await absurd.task('mail', failed.taskId)).toEqual({state: 'pending', attempts: 2, maxAttempts: 2});
		expect(await absurd.count('r', 'mail')).toBe(2);
	});

	it('and to a cancel', async () => {
		const running = await absurd.spawn('mail', 'send-receipt');
		await absurd.claim('mail', 'w-3:12');
		const programs = [startProgram([database.url, '-i', '0.3'], size), startProgram([database.url, '-i', '0.3'], size)];
		for (const program of programs) {
			await program.waitFor('send-rec');
			await program.press('tab');
			await program.ask('C', 'y cancel it');
		}
		const [first, second] = programs;
		await first?.ask('y', /was cancelled/);
		await second?.ask('y', /had been cancelled .* ago by somebody else/);
		expect(await state(running)).toBe('cancelled');
	});
});
