import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type Absurd, eventually, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, type Program, startProgram} from '../support/program.ts';

let database: TestDatabase;
let absurd: Absurd;
let directory: string;
let file: string;

beforeEach(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	directory = mkdtempSync(join(tmpdir(), 'absurd-top-audit-'));
	file = join(directory, 'audit.jsonl');
});
afterEach(async () => {
	await endPrograms();
	await database.drop();
	rmSync(directory, {recursive: true});
});

type Line = Readonly<Record<string, unknown>>;
const lines = (): readonly Line[] =>
	readFileSync(file, 'utf8')
		.trimEnd()
		.split('\n')
		.map((line): Line => JSON.parse(line));

async function onFailures(count: number, ...flags: string[]): Promise<Program> {
	for (let index = 0; index < count; index++) await absurd.spawn('mail', 'send', {}, {max_attempts: 1});
	for (const run of await absurd.claim('mail', 'w', count)) await absurd.fail('mail', run, 'Bounce', 'no');
	const program = startProgram([database.url, '-i', '0.3', ...flags], {columns: 120, rows: 40});
	await program.waitFor('Bounce');
	await program.press('tab', 'tab');
	return program;
}

it('records who did what where and what became of it, and never a password; @ shows it', async () => {
	const program = await onFailures(1, '--audit', file, '--label', 'prod');
	await program.ask('R', 'y retry it');
	await program.press('r');
	// What is typed before the line is open can arrive as one chunk, which is a paste.
	await program.waitFor(/reason +▏/);
	await program.press(...'order yy');
	await program.waitFor(/reason +order yy▏/);
	await program.press('enter');
	// What arrives together with the Enter that ends a text is thrown away.
	await program.waitFor(/reason +order yy(?!▏)/);
	expect(await absurd.count('r', 'mail')).toBe(1);
	await program.ask('y', 'Retried');
	await program.press('escape');
	const [intent, outcome] = lines();
	expect(intent).toMatchObject({
		type: 'intent',
		function: 'absurd.retry_task',
		database: database.name,
		action: 'retry',
		label: 'prod',
		reason: 'order yy',
	});
	expect(outcome).toMatchObject({type: 'outcome', outcome: 'done', id: intent?.['id']});
	const {password} = new URL(database.url);
	if (password !== '') expect(readFileSync(file, 'utf8')).not.toContain(password);
	const log = await program.ask('@', 'Actions of this session');
	expect(log).toMatch(/done +retry task/);
	expect(log).toContain('Reason: order yy');
}, 40_000);

it('greys every action when the record cannot be written, with the reason', async () => {
	const program = await onFailures(1, '--audit', join('/proc', 'nowhere', 'audit.jsonl'));
	await program.ask('R', /record of actions .* cannot be written/);
	await program.press('y');
	await program.waitFor(/[Cc]opied/);
	expect(await absurd.count('r', 'mail')).toBe(1);
}, 40_000);

async function bulkUnderWay(): Promise<Program> {
	const program = await onFailures(60, '--audit', file);
	await program.press('*');
	await program.ask('R', '60 will be retried');
	// 200 → 10 tasks a second: whoever ends it has some seconds for that.
	await program.press('-', '-', '-', '-', '6', '0');
	await program.ask('enter', /[1-9]\d* of 60/);
	return program;
}

describe('a bulk action that runs when the program has to end', () => {
	it.each([
		['Ctrl-C', (program: Program) => program.write('\u0003'), 130],
		['SIGTERM', (program: Program) => program.kill('SIGTERM'), 143],
		['SIGHUP', (program: Program) => program.kill('SIGHUP'), 129],
	])(
		'%s stops it, records what was done and prints it',
		async (_name, end, code) => {
			const program = await bulkUnderWay();
			end(program);
			expect((await program.exited).code).toBe(code);
			const done = await database.query(`select task_id from absurd."t_mail" where state = 'pending'`);
			const said = /ended early: (\d+) done · (\d+) not done/.exec(program.screen());
			expect(said?.slice(1)).toEqual([String(done.length), String(60 - done.length)]);
			const all = lines();
			expect(all.at(-1)).toMatchObject({type: 'outcome', final: true, outcome: 'done'});
			const results = all.flatMap(({results: part}) => (Array.isArray(part) ? part : []));
			expect(results).toHaveLength(60);
		},
		40_000,
	);

	it('SIGKILL: the next start says that it has no outcome, and shows its ids', async () => {
		const program = await bulkUnderWay();
		program.kill('SIGKILL');
		await program.exited;
		await eventually('the intent is there', async () => lines().length > 0);
		const next = startProgram([database.url, '-i', '0.3', '--audit', file], {columns: 120, rows: 40});
		await next.waitFor('1 earlier action has no recorded outcome');
		const log = await next.ask('@', 'Actions of this session');
		expect(log).toMatch(/unknown +retry 60 tasks/);
		expect(log).toMatch(/[\da-f-]{36} {2}in queue mail/);
	}, 40_000);
});
