import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {stage} from '../support/absurd.ts';
import {runCommand} from '../support/command.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, type Program, quit, startProgram} from '../support/program.ts';
import {fillRelease, installRelease, oldTask, releases} from '../support/releases.ts';

// The monitor on every shape that Absurd's schema has had, and on schemas that somebody has added to.

let database: TestDatabase;

afterEach(async () => {
	await endPrograms();
	await database.drop();
});

/** What no screen may say. */
const trouble = /could not be read|does not exist|\(42\w{3}\)|syntax error/;

/** Every screen opens and shows something, and none has anything to complain about. */
async function expectScreens(program: Program, first: RegExp): Promise<void> {
	const shown: Readonly<Record<string, RegExp>> = {
		'2': /Tasks \d[\s\S]*research/,
		'3': /Failures[\s\S]*Bounce/,
		'4': /Workers[\s\S]*w:1/,
		'5': /Events[\s\S]*paid:4711/,
		'6': /Schedule \d/,
		'7': /Workflows \d/,
		'8': /Doctor +\d+ checks/,
		'@': /Actions of this session/,
		escape: /Doctor +\d+ checks/,
		'1': first,
	};
	for (const [key, what] of Object.entries(shown)) {
		await program.press(key);
		expect(await program.waitFor(what, 20_000)).not.toMatch(trouble);
	}
}

async function openTask(program: Program, taskId: string, what: RegExp): Promise<void> {
	program.write(`\u001B[200~${taskId}\u001B[201~`);
	await program.waitFor(/open ▸/);
	await program.press('enter');
	expect(await program.waitFor(what, 20_000)).not.toMatch(trouble);
}

describe.each(releases)('release %s', release => {
	beforeEach(async () => {
		database = await createDatabase({empty: true});
		await installRelease(database, release);
		await fillRelease(database);
	});

	it('every screen opens; what this release cannot do is greyed with the reason', async () => {
		const program = startProgram([database.url, '-i', '0.3', '--no-audit'], {columns: 120, rows: 40});
		const title = await program.waitFor(/Bounce/);
		// The release before 0.1.0 is told by its functions, and 0.0.6 brought none.
		expect(title).toContain(`absurd ${release === '0.0.6' ? '0.0.5' : release}`);
		expect(title).toMatch(/old +0 +–? +1 /);
		await expectScreens(program, /Queues 1/);
		await openTask(program, oldTask.running, /research[\s\S]*w:1 holds it/);
		await program.ask('C', release === '0.0.4' ? /has no cancel_task; it came with 0\.0\.5/ : /y cancel it/);
		await program.press('escape', 'escape', 'escape', '1');
		await openTask(program, oldTask.failed, /send-invoice[\s\S]*no such mailbox/);
		const old = /^0\.[01]\./.test(release);
		await program.ask('R', old ? /has no retry_task; it came with 0\.2\.0/ : /y retry it/);
		await program.press('escape', 'escape', 'escape', '1');
		await openTask(program, oldTask.waiting, /await-payment[\s\S]*paid:4711/);
		await program.press('escape', '1');
		expect(await quit(program)).toEqual({code: 0, restored: true});

		for (const flags of [
			[database.url, '--once'],
			['show', oldTask.done, '-d', database.url],
			['doctor', database.url],
		]) {
			const {stdout, stderr} = await runCommand(flags);
			expect([flags[0], stderr, trouble.exec(stdout)]).toEqual([flags[0], '', null]);
		}
	}, 90_000);
});

it('what a schema is too old for is greyed in the help, and for what is marked', async () => {
	database = await createDatabase({empty: true});
	await installRelease(database, '0.0.4');
	await fillRelease(database);
	const program = startProgram([database.url, '-i', '0.3', '--no-audit'], {columns: 160, rows: 60});
	await program.waitFor(/Bounce/);
	await program.press('tab', 'tab');
	await program.ask('R', /Cannot retry: .*has no retry_task; it came with 0\.2\.0/);
	expect(await program.ask('?', /R +retry the task/)).toMatch(
		/R +retry the task .*: The schema here is Absurd 0\.0\.4/,
	);
	await program.press('escape', 'space');
	await program.waitFor('1 marked');
	await program.ask('R', /Cannot retry: .*has no retry_task; it came with 0\.2\.0/);
	await program.ask('C', /Cannot cancel: .*has no cancel_task; it came with 0\.0\.5/);
	expect(program.screen()).not.toMatch(/Retry task|Cancel task/);
}, 40_000);

it('columns, tables and views of others, several waits of one run, a status that nobody knows', async () => {
	database = await createDatabase();
	const absurd = stage(database);
	await absurd.createQueue('old');
	await database.query(`
		alter table absurd.t_old add column if not exists tenant_id text, alter column tenant_id set default 'acme';
		alter table absurd.t_old add column if not exists "weird ""column" jsonb default '{}';
		alter table absurd.r_old add column if not exists tenant_id text, alter column tenant_id set default 'acme';
		alter table absurd.r_old add column if not exists priority int default 1;
		alter table absurd.c_old add column if not exists extra bytea;
		alter table absurd.queues add column if not exists owner text default 'team';
		create table absurd.s_old (schedule_id uuid, cron text);
		create table absurd.t_orphan (n int);
		create view absurd.r_view as select * from absurd.r_old;
		create materialized view absurd.c_view as select 1 as one;
	`);
	await absurd.spawn('old', 'research');
	const [running] = await absurd.claim('old', 'w:1', 1, 600);
	const waiting = await absurd.spawn('old', 'await-payment');
	await absurd.claim('old', 'w:1', 1, 600);
	await absurd.awaitEvent('old', waiting, 'pay', 'paid:4711');
	await database.query(
		`alter table absurd.w_old drop constraint w_old_pkey;
		alter table absurd.w_old add primary key (run_id, step_name, event_name);
		insert into absurd.w_old (task_id, run_id, step_name, event_name) select task_id, run_id, step_name, 'cancelled:4711' from absurd.w_old`,
	);
	await database.query(
		`insert into absurd.c_old (task_id, checkpoint_name, state, status, owner_run_id)
		values ($1, 'payment', null, 'timed_out', $2)`,
		[waiting.taskId, waiting.runId],
	);
	await absurd.spawn('old', 'send-invoice', {}, {max_attempts: 1});
	const [failed] = await absurd.claim('old', 'w:1', 1, 600);
	await absurd.fail('old', failed ?? '', 'Bounce', 'no such mailbox');

	const program = startProgram([database.url, '-i', '0.3', '--no-audit'], {columns: 120, rows: 40});
	await program.waitFor(/Bounce/);
	await expectScreens(program, /Queues 1/);
	await openTask(program, waiting.taskId, /acme[\s\S]*await-payment|await-payment[\s\S]*acme/);
	const screen = await program.waitFor(/Waits 2/);
	expect(screen).toContain('Checkpoints 1');
	await program.press('tab', 'tab', 'tab', 'tab', 'tab');
	await program.waitFor(/timed_out/);
	await program.press('escape', '1');
	await openTask(program, running ?? '', /research/);
	expect(await quit(program)).toEqual({code: 0, restored: true});
}, 90_000);
