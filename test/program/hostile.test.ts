import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {stage} from '../support/absurd.ts';
import {runCommand} from '../support/command.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {asQueueName, endless, harm, hostile, hostileJson} from '../support/hostile.ts';
import {endPrograms, type Program, quit, startProgram} from '../support/program.ts';

// Everything that a row can hold, in every place that shows it: nothing of it may reach the terminal as it is.

const texts = Object.values(hostile);
let database: TestDatabase;
let failed: {readonly taskId: string};

beforeAll(async () => {
	database = await createDatabase();
	const absurd = stage(database);
	const call = (text: string, ...values: unknown[]) => database.query(text, values);
	for (const text of texts) {
		const queue = asQueueName(text);
		await absurd.createQueue(queue);
		await absurd.spawn(queue, text, {[text]: text}, {headers: {[text]: text, workflow_run_id: text}});
	}
	for (const [index, text] of [...texts, endless].entries()) {
		const queue = asQueueName(texts[index % texts.length] ?? '');
		const options = {max_attempts: 1, headers: {workflow_run_id: text.slice(0, 2000)}};
		const task = await absurd.spawn(queue, text, {}, options);
		for (const run of await absurd.claim(queue, text, 5, 600)) {
			const [row] = await database.query<{task_id: string}>(
				`select task_id from absurd."r_${queue.replaceAll('"', '""')}" where run_id = $1`,
				[run],
			);
			await absurd.checkpoint(queue, {taskId: row?.task_id ?? '', runId: run}, text.slice(0, 2000), {[text]: text});
			if (row?.task_id === task.taskId) await absurd.fail(queue, run, text, `${text}\n${text}`);
		}
		failed = task;
		const waiting = await absurd.spawn(queue, `waits ${text}`, {});
		for (const run of await absurd.claim(queue, text, 5, 600)) {
			if (run !== waiting.runId) continue;
			await absurd.awaitEvent(queue, waiting, text.slice(0, 500), text.slice(0, 500), 3600);
		}
		await call('select absurd.emit_event($1, $2, $3)', queue, `emitted ${text.slice(0, 500)}`, JSON.stringify(text));
	}
	await call(`select absurd.spawn_task($1, 'json', $2::jsonb)`, asQueueName(hostile['sql'] ?? ''), hostileJson);
}, 120_000);
afterEach(endPrograms);
afterAll(() => database.drop());

/** A sequence at the end of what was written so far, the rest of which is still to come. */
const unfinished = /\u001B(?:\[[?>]?[\d; ]*|\][^\u0007\u001B]*\u001B?)?$/;

/** Of what has come so far; what came of a sequence that is cut is looked at the next time, and when the program has ended. */
function expectHarmless(program: Program): void {
	expect(harm(program.output().replace(unfinished, ''))).toEqual([]);
}

/** Of everything that was written. */
function expectHarmlessToTheEnd(program: Program): void {
	expect(harm(program.output())).toEqual([]);
}

/** In every row below a heading, the cell before a left-aligned title is blank: no text ran over its column. */
function expectAligned(program: Program, heading: RegExp, ...titles: string[]): void {
	const cells = program.cells();
	const at = cells.findIndex(row => heading.test(row.join('')));
	expect(at).toBeGreaterThan(0);
	const head = cells[at]?.map(cell => cell || '\u0000').join('') ?? '';
	const rows = cells.slice(at + 1).filter(row => /^[ ▸].[●○◐✓✗⊘▲△ ]/.test(row.join('')) && row.join('').trim() !== '');
	for (const title of titles) {
		const column = head.indexOf(` ${title} `);
		expect(column).toBeGreaterThan(0);
		for (const row of rows) expect([title, row.join(''), row[column]]).toEqual([title, row.join(''), ' ']);
	}
}

describe.each([
	[80, 24],
	[120, 40],
	[200, 50],
])('at %ix%i', (columns, rows) => {
	it('every screen shows it as symbols, in columns, and nothing hangs', async () => {
		const program = startProgram([database.url, '-i', '0.5', '--no-audit'], {columns, rows});
		await program.waitFor(/Queues 20/, 30_000);
		const wall = () => {
			const at = program.cells().flatMap(row => row.flatMap((cell, index) => (cell === '│' ? [index] : [])));
			return new Set(at).size;
		};
		if (columns === 120) await program.waitFor(() => wall() === 1);
		// Every row of the three panels is looked at.
		for (const key of ['G', 'g', 'tab', 'G', 'g', 'tab', 'G', 'g']) await program.press(key);
		expectHarmless(program);
		await program.press('y');
		await program.waitFor(/[Cc]opied/);

		for (const screen of ['2', '3', '4', '5', '6', '7', '8', '@']) {
			await program.press(screen);
			await program.press('G', 'g', 'j', 'j', '>', 'y');
			expectHarmless(program);
			if (screen === '2') {
				await program.waitFor(/ task .* queue .*\n[ ▸]\S \S/, 20_000);
				expectAligned(program, / task .* queue /, 'queue');
			}
			// Into the row and out of it.
			await program.press('enter');
			await program.press('j', 'G', 'tab', 'enter', 'tab', 'enter', 'escape', 'escape', 'escape');
			expectHarmless(program);
			expect(program.rows()).toHaveLength(rows);
		}
		expect(await quit(program)).toEqual({code: 0, restored: true});
		expectHarmlessToTheEnd(program);
	}, 120_000);
});

it('documents, dialogs, forms, prompts and toasts', async () => {
	const program = startProgram([database.url, '-i', '0.5'], {columns: 120, rows: 40});
	await program.waitFor(/Queues 20/, 30_000);
	// The task whose name, error and worker are a million characters long.
	program.write(`\u001B[200~${failed.taskId}\u001B[201~`);
	await program.waitFor(/open ▸/);
	await program.press('enter');
	// The sections are there once the task was read.
	await program.waitFor(screen => /failed/.test(screen) && /Attempts \d/.test(screen), 20_000);
	await program.press('tab', 'enter', 'tab', 'enter', 'tab', 'enter', 'G', 'g');
	await program.ask('R', /y retry it/);
	expectHarmless(program);
	// Until the database has answered, Escape closes nothing.
	await program.ask('y', 'Esc closes');
	await program.press('escape', 'escape', 'escape');
	// On a busy machine keys come together, and some are not taken: a person presses them again.
	await program.ask('1', /Queues 20/);
	for (const text of texts) {
		// What ends a paste cannot be pasted.
		await program.press('/');
		program.write(`\u001B[200~${text}\u001B[201~`);
		await program.press('backspace', 'escape', 'escape');
	}
	expectHarmless(program);
	await program.ask('N', /Spawn/);
	for (const text of texts) program.write(`\u001B[200~${text}\u001B[201~`);
	await program.press('tab');
	program.write(`\u001B[200~${endless.slice(0, 50_000)}\u001B[201~`);
	await program.press('tab', 'tab', 'up', 'escape', 'escape', 'escape');
	// The form has fields that speak of retries as well.
	await program.waitFor(screen => !screen.includes('Spawn task'));
	expectHarmless(program);
	// The record of what was done, with names as they are in the database.
	await program.press('@');
	await program.waitFor(/Actions of this session[\s\S]*retry/);
	expect(await quit(program)).toEqual({code: 0, restored: true});
	expectHarmlessToTheEnd(program);
}, 120_000);

it.each([['--once'], ['--once', '--filter', `name:"${hostile['csi']}"`], ['--json'], ['--csv'], ['doctor'], ['check']])(
	'without a screen: %s',
	async (...flags) => {
		const {stdout, stderr} = await runCommand(
			flags[0]?.startsWith('-') ? [database.url, ...flags] : [...flags, database.url],
		);
		expect(harm(stdout)).toEqual([]);
		expect(harm(stderr)).toEqual([]);
		expect(stdout.length + stderr.length).toBeGreaterThan(20);
	},
);

it('one task without a screen, as text and as JSON', async () => {
	for (const flags of [[], ['--json']]) {
		const {code, stdout, stderr} = await runCommand(['show', failed.taskId, '-d', database.url, ...flags]);
		expect([code, harm(stdout), harm(stderr)]).toEqual([0, [], []]);
	}
});

it('arguments of a person are not trusted either', async () => {
	for (const text of texts) {
		const {stdout, stderr} = await runCommand([`postgresql://127.0.0.1:1/${encodeURIComponent(text)}`, '--once']);
		expect([harm(stdout), harm(stderr)]).toEqual([[], []]);
	}
}, 60_000);
