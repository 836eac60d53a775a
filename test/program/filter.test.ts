import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, startProgram} from '../support/program.ts';

let database: TestDatabase;
let absurd: Absurd;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	await absurd.createQueue('agents');
	for (const [name, error] of [
		['send-invoice', 'TimeoutError'],
		['send-letter', 'BounceError'],
		['noise', 'TimeoutError'],
	] as const) {
		await absurd.spawn('mail', name, {}, {max_attempts: 1});
		const [run] = await absurd.claim('mail', 'w-3:12');
		await absurd.fail('mail', run ?? '', error, 'out of paper');
	}
	await absurd.spawn('agents', 'run-agent', {});
	await absurd.claim('agents', 'w-7:311', 1, 600);
});

afterEach(endPrograms);
afterAll(() => database.drop());

describe('filters', () => {
	it('narrow the panel while they are typed, say what is wrong, complete, and come back from the history', async () => {
		const program = startProgram([database.url], {columns: 120, rows: 40});
		await program.waitFor('send-letter');
		await program.press('tab', 'tab', '/', 'err');
		await program.waitFor('error:');
		await program.press('tab');
		for (const character of 'time') await program.press(character);
		await program.waitFor(screen => screen.includes('send-invoice') && !screen.includes('send-letter'));
		for (const character of ' !nam:x') await program.press(character);
		await program.waitFor('There is no key');
		for (let count = 0; count < 7; count++) await program.press('backspace');
		await program.press('enter');
		await program.waitFor(screen => screen.includes('2 of 3') && screen.includes('/error:time'));
		await program.press('escape');
		await program.waitFor(screen => screen.includes('send-letter') && !screen.includes('/error'));
		await program.press('/', 'up', 'enter');
		await program.waitFor('/error:time');
	});

	it('work without a screen, as text and as JSON; a wrong one is wrong usage and says where', async () => {
		const run = async (...flags: string[]) => {
			const program = startProgram([database.url, ...flags], {columns: 200, rows: 50});
			const {code} = await program.exited;
			return {code, screen: program.screen(), output: program.output()};
		};
		const text = await run('--once', '--filter', 'error:timeout !name:noise');
		expect(text.code).toBe(0);
		expect(text.screen).toContain('send-invoice');
		expect(text.screen).not.toMatch(/send-letter|noise|run-agent/);
		const json = await run('--json', '--filter', 'worker:w-7');
		expect(json.output).toContain('"run-agent"');
		expect(json.output).not.toContain('"send-invoice"');
		const wrong = await run('--once', '--filter', 'nmae:x');
		expect(wrong.code).toBe(2);
		expect(wrong.screen).toContain('at 1 “nmae”: There is no key nmae. Did you mean name?');
		expect((await run('--once', '--filter', 'params.a:1')).screen).toContain('have no params');
	});
});
