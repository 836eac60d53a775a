import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {type Absurd, eventually, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, startProgram} from '../support/program.ts';

// From a cause to what is done about it, with the whole program on a real server.

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

async function fail(count: number, error: string): Promise<void> {
	await database.query(
		`select absurd.spawn_task('mail', 'send-invoice', '{}', '{"max_attempts": 1}') from generate_series(1, $1::int)`,
		[count],
	);
	for (const run of await absurd.claim('mail', 'w', count)) await absurd.fail('mail', run, error, 'no mailbox');
}

async function states(): Promise<Record<string, number>> {
	const rows = await database.query<{state: string; n: number}>(
		'select state, count(*)::int as n from absurd."t_mail" group by state',
	);
	return Object.fromEntries(rows.map(({state, n}) => [state, n]));
}

test('a cause of failures is retried as new tasks: 12 more, the failed ones stay', async () => {
	await fail(12, 'BounceError');
	await fail(3, 'TimeoutError');
	const program = startProgram([database.url, '-i', '0.3'], {columns: 100, rows: 30});
	await program.waitFor('BounceError');
	await program.press('3');
	await program.waitFor(/▸.* 12 +0 .*send-invoice +BounceError/);
	await program.ask('R', '12 will be retried');
	await program.press('tab');
	await program.waitFor('as new tasks, from the beginning');
	await program.press('1', '2');
	await program.ask('enter', ' of 12, ');
	await program.waitFor(/12 done[\s\S]*Esc closes/);
	expect(await states()).toEqual({failed: 15, pending: 12});
}, 40_000);

test('of a cause larger than the cap the newest are retried in place', async () => {
	await fail(12, 'BounceError');
	const [oldest] = await database.query<{ids: string[]}>(
		'select array_agg(task_id::text) as ids from (select task_id from absurd."t_mail" order by task_id limit 2) as old',
	);
	await database.query(
		`update absurd."r_mail" set available_at = available_at - interval '1 minute' where task_id = any ($1::uuid[])`,
		[oldest?.ids],
	);
	const program = startProgram([database.url, '-i', '0.3', '--bulk-cap', '10'], {columns: 100, rows: 30});
	await program.waitFor('BounceError');
	await program.press('3');
	await program.waitFor(/▸.* 12 +0 .*send-invoice +BounceError/);
	const asked = await program.ask('R', '10 will be retried');
	expect(asked).toContain('These are the newest: 2 more than 10, the cap');
	await program.ask('y', ' of 10, ');
	await program.waitFor(/10 done[\s\S]*Esc closes/);
	const left = await database.query<{id: string}>(
		`select task_id as id from absurd."t_mail" where state = 'failed' order by task_id`,
	);
	expect(left.map(({id}) => id).sort()).toEqual([...(oldest?.ids ?? [])].sort());
}, 40_000);

test('workflows: 7, the tasks of one, and cancelling what is open of it', async () => {
	for (let n = 0; n < 6; n++) {
		await absurd.spawn('mail', `ship__1__step${n}`, {}, {headers: {workflow_run_id: `order-${n % 2}`}});
	}
	const program = startProgram([database.url, '-i', '0.3'], {columns: 100, rows: 30});
	await program.waitFor('mail');
	await program.press('7');
	await program.waitFor(/▸○ pending +ship +order-1/);
	await program.press('enter');
	// The filter is there before the tasks that it finds.
	const tasks = await program.waitFor(screen =>
		['headers.workflow_run_id:order-1', 'step1', 'step3', 'step5'].every(text => screen.includes(text)),
	);
	expect(tasks).not.toContain('step2');
	await program.press('q');
	await program.waitFor(/▸○ pending +ship +order-1/);
	await program.ask('C', '3 will be cancelled');
	await program.ask('y', ' of 3, ');
	// While it runs, Escape stops it and closes nothing.
	await program.waitFor(/3 done[\s\S]*Esc closes/);
	expect(await states()).toEqual({pending: 3, cancelled: 3});
	await program.press('escape');
	await program.waitFor(/⊘ cancelled +ship +order-1/);
}, 40_000);

test('f applies a filter of the configuration', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'absurd-top-config-'));
	const file = join(folder, 'config.json');
	const filters = {bounces: 'error:BounceError', timeouts: 'error:TimeoutError'};
	writeFileSync(file, JSON.stringify({profiles: {here: {filters}}}));
	try {
		await fail(2, 'BounceError');
		await fail(2, 'TimeoutError');
		const options = {columns: 100, rows: 30, env: {ABSURD_TOP_CONFIG: file}};
		const program = startProgram(['--profile', 'here', '-d', database.url], options);
		await program.waitFor('TimeoutError');
		await program.press('tab', 'tab', 'f');
		await program.waitFor(/bounces +error:BounceError[\s\S]*timeouts +error:TimeoutError/);
		await program.press('j', 'enter');
		const screen = await program.waitFor('/error:TimeoutError');
		await eventually('the others are gone', async () => !program.screen().includes('BounceError'));
		expect(screen).toContain('Recent failures 2 of');
	} finally {
		rmSync(folder, {recursive: true});
	}
}, 40_000);
