import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {type Absurd, type Spawned, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, type Program, startProgram} from '../support/program.ts';

let database: TestDatabase;
let absurd: Absurd;
let dead: Spawned;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	dead = await absurd.spawn('mail', 'send-invoice', {user: {id: 42}}, {max_attempts: 1, idempotency_key: 'order-7'});
	const [run] = await absurd.claim('mail', 'w-7:311');
	await absurd.fail('mail', run ?? '', 'TimeoutError', 'no answer \u001b[31m\u202e');
	for (let index = 0; index < 300; index++) await absurd.spawn('mail', `noise-${index}`, {user: {id: index + 100}});
});

afterEach(endPrograms);
afterAll(() => database.drop());

async function filter(program: Program, text: string): Promise<void> {
	await program.press('/');
	// Only an open prompt says so: the key of the panels is among the hints before. What is typed too soon is a paste.
	await program.waitFor(/Esc clear(?!s)/);
	for (const character of text) program.write(character);
	await program.waitFor(text);
	await program.press('enter');
}

describe('tasks', () => {
	it('are found by a path into their params, opened, and retried', async () => {
		const program = startProgram([database.url, '-i', '0.5'], {columns: 120, rows: 40});
		await program.waitFor('send-invoice');
		await program.press('2');
		await program.waitFor(/Tasks ≥?\d+/);
		await program.waitFor('noise-299');
		await filter(program, 'params.user.id:42 !name:noise-*');
		const screen = await program.waitFor(/send-invoice +…[0-9a-f]{6}/);
		expect(screen).toContain('TimeoutError: no answer');
		expect(screen).not.toContain('noise-299 ');
		await program.press('enter');
		await program.waitFor(dead.taskId);
		await program.press('escape');
		// The filter is there before the task that it finds.
		await program.waitFor(/params\.user\.id:42[\s\S]*send-invoice +…[0-9a-f]{6}/);
		await program.ask('R', 'y retry it');
		await program.ask('y', 'Retried');
		await program.waitFor(/pending/);
		const task = await absurd.task('mail', dead.taskId);
		expect(task?.state).toBe('pending');
	});

	it('are paged down to the oldest, and found by state and by key', async () => {
		const program = startProgram([database.url, '-i', '0.5'], {columns: 80, rows: 24});
		await program.waitFor('mail');
		await program.press('2');
		await program.waitFor('noise-299');
		const oldest = (seen: string) => /send-invoice/.test(seen.split('\n').slice(3).join('\n'));
		for (let tries = 0; tries < 30 && !oldest(program.screen()); tries++) {
			await program.press('G');
			await program.waitFor(oldest, 700).catch(() => undefined);
		}
		await program.waitFor('301');
		await filter(program, 'key:order-7');
		await program.waitFor(/Tasks 1 /);
		await program.press('escape');
		await filter(program, 'state:running');
		await program.waitFor('No task passes');
	});

	it('are reached through the palette, which says why a verb cannot be done', async () => {
		const program = startProgram([database.url, '--read-only'], {columns: 120, rows: 40});
		await program.waitFor('send-invoice');
		await program.press(':');
		await program.waitFor('Enter does it');
		for (const character of 'any of them') program.write(character);
		await program.waitFor(/▸ +2 +tasks: any of them/);
		await program.press('enter');
		await program.waitFor(/Tasks ≥?\d+/);
		await program.press('\u0010');
		await program.waitFor('Enter does it');
		for (const character of 'spawn') program.write(character);
		await program.waitFor(/spawn a new task \(form\): read-only/);
		await program.press('escape');
		await program.waitFor(/Tasks ≥?\d+/);
	});
});
