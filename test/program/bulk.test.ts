import {afterEach, beforeEach, expect, it} from 'vitest';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, type Program, startProgram} from '../support/program.ts';

let database: TestDatabase;
let absurd: Absurd;

beforeEach(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
});
afterEach(async () => {
	await endPrograms();
	await database.drop();
});

async function fail(count: number): Promise<void> {
	await database.query(
		`select absurd.spawn_task('mail', 'send-invoice', '{}', '{"max_attempts": 1}') from generate_series(1, $1::int)`,
		[count],
	);
	for (const run of await absurd.claim('mail', 'w', count)) await absurd.fail('mail', run, 'BounceError', 'no mailbox');
}

async function states(): Promise<Record<string, number>> {
	const rows = await database.query<{state: string; n: number}>(
		'select state, count(*)::int as n from absurd."t_mail" group by state',
	);
	return Object.fromEntries(rows.map(({state, n}) => [state, n]));
}

/** Starts the program with all recent failures marked. */
async function marked(count: number, ...flags: string[]): Promise<Program> {
	await fail(count);
	const program = startProgram([database.url, '-i', '0.3', ...flags], {columns: 120, rows: 40});
	await program.waitFor('BounceError');
	await program.press('tab', 'tab', '*');
	await program.waitFor(`${count} marked`);
	return program;
}

it('retries what is marked after the number was typed, and says what became of each', async () => {
	const program = await marked(60);
	// One of them is no longer failed when the database counts.
	await database.query(
		`select absurd.retry_task('mail', (select task_id from absurd."t_mail" order by task_id limit 1))`,
	);
	const asked = await program.ask('R', '59 will be retried');
	expect(asked).toContain('1 skipped: not failed (any more): pending');
	expect(asked).toContain(database.name);
	await program.press('y', 'enter');
	await program.press('5', '9');
	// All four keys were taken, and nothing was done.
	await program.waitFor(/59▏ +type 59/);
	expect(await states()).toEqual({failed: 59, pending: 1});
	await program.ask('enter', ' of 59, ');
	// While it runs, Escape stops it and closes nothing.
	await program.waitFor(/59 done[\s\S]*Esc closes/);
	expect(await states()).toEqual({pending: 60});
	await program.press('escape');
	await program.waitFor('1 marked');
}, 40_000);

it('Esc stops: what was done stays done, the rest stays marked', async () => {
	const program = await marked(100);
	await program.ask('R', '100 will be retried');
	// 200 → 100 → 50 → 20 a second.
	await program.press('-', '-', '-', '1', '0', '0');
	await program.ask('enter', /[1-9]\d* of 100/);
	await program.press('escape');
	const screen = await program.waitFor('not done');
	const done = Number(/(\d+) done/.exec(screen)?.[1]);
	expect(done).toBeLessThan(100);
	expect(await states()).toEqual({pending: done, failed: 100 - done});
}, 40_000);

it('--bulk-cap: more is refused', async () => {
	const program = await marked(12, '--bulk-cap', '10');
	await program.ask('R', /12 tasks are marked; at most 10/);
	await program.press('1', '2', 'enter', 'y', 'escape');
	await program.waitFor(screen => !screen.includes('at most 10'));
	expect(await states()).toEqual({failed: 12});
}, 40_000);

it('retries everything that a filter matches, also what the list has not loaded', async () => {
	await database.query(
		`select absurd.spawn_task('mail', 'send-receipt', '{}', '{"max_attempts": 1}') from generate_series(1, 20)`,
	);
	for (const run of await absurd.claim('mail', 'w', 20)) await absurd.fail('mail', run, 'BounceError', 'no mailbox');
	await fail(430);
	const program = startProgram([database.url, '-i', '0.3'], {columns: 80, rows: 24});
	await program.waitFor('BounceError');
	await program.press('2');
	await program.waitFor('Tasks ≥200');
	await program.press('/');
	// What is typed before there is a prompt can arrive as one chunk, which is a paste.
	await program.waitFor(/Esc clear(?!s)/);
	await program.press(...'name:send-invoice');
	await program.waitFor('/name:send-invoice');
	await program.press('enter');
	await program.waitFor(/Tasks ≥200 +\/name:send-invoice/);
	await program.press('M');
	await program.waitFor('All that matches is marked');
	const asked = await program.ask('R', '430 will be retried');
	expect(asked).toContain('state:failed name:send-invoice');
	await program.press('4', '3', '0');
	await program.ask('enter', ' of 430, ');
	await program.waitFor(/430 done[\s\S]*Esc closes/, 30_000);
	expect(await states()).toEqual({failed: 20, pending: 430});
}, 40_000);
