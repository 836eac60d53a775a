import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type Absurd, eventually, type Spawned, stage} from '../../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../../support/database.ts';
import {absurdSql} from '../../support/own-server.ts';
import {endPrograms, type Program, quit, startProgram} from '../../support/program.ts';

// What is watched changes its shape meanwhile: each time the screen says so, and finds back by itself.

let database: TestDatabase;
let absurd: Absurd;
let failed: Spawned;

beforeEach(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await fill();
});
afterEach(async () => {
	await endPrograms();
	await database.drop();
});

/** Two queues, a dead task in the first. */
async function fill(): Promise<void> {
	await absurd.createQueue('mail');
	await absurd.createQueue('agents');
	failed = await absurd.spawn('mail', 'send-invoice', {}, {max_attempts: 1});
	const [run] = await absurd.claim('mail', 'w-3:12');
	await absurd.fail('mail', run ?? '', 'Bounce', 'no');
	await absurd.spawn('agents', 'run-agent');
}

async function expectRetried(): Promise<void> {
	await eventually('it is retried', async () => (await absurd.task('mail', failed.taskId))?.attempts === 2);
}

async function watch(url = database.url): Promise<Program> {
	const program = startProgram([url, '-i', '0.3'], {columns: 120, rows: 40});
	await program.waitFor(screen => screen.includes('Bounce') && /Queues 2/.test(screen));
	return program;
}

/** What the header says of the schema that the database has. */
async function versionShown(): Promise<string> {
	const [row] = await database.query<{version: string}>('select absurd.get_schema_version() as version');
	return `absurd ${row?.version}`;
}

/** The row of a queue in the first panel. */
const rowOf = (program: Program, queue: string) =>
	program.rows().find(row => new RegExp(`^[ ▸]. ${queue} `).test(row)) ?? '';

describe('queues', () => {
	it('dropped, created and renamed while they are polled', async () => {
		const program = await watch();
		await database.query(`select absurd.drop_queue('mail')`);
		// Its statements fail at once: nobody has to wait for the next reading of the registry.
		// Its row shows its age instead for a moment, where the tick that met the missing tables came late.
		await program.waitFor(
			screen => /Queues 1/.test(screen) && !screen.includes('Bounce') && /agents +1 /.test(rowOf(program, 'agents')),
			10_000,
		);

		await absurd.createQueue('post');
		await absurd.spawn('post', 'stamp');
		await program.press('r');
		await program.waitFor(/Queues 2/);
		await program.waitFor(() => /post +1 /.test(rowOf(program, 'post')));

		await database.query(`
			begin;
			update absurd.queues set queue_name = 'letters' where queue_name = 'post';
			alter table absurd.t_post rename to t_letters;
			alter table absurd.r_post rename to r_letters;
			alter table absurd.c_post rename to c_letters;
			alter table absurd.e_post rename to e_letters;
			alter table absurd.w_post rename to w_letters;
			commit`);
		await program.waitFor(() => /letters +1 /.test(rowOf(program, 'letters')), 10_000);
		expect(rowOf(program, 'post')).toBe('');
		expect(await quit(program)).toEqual({code: 0, restored: true});
	}, 60_000);

	it('dropped and made anew under the same name: nothing of the old one stays', async () => {
		const program = await watch();
		await database.query(`select absurd.drop_queue('mail'); select absurd.create_queue('mail')`);
		await absurd.spawn('mail', 'fresh');
		await program.press('r');
		await program.waitFor(screen => !screen.includes('Bounce') && /mail +1 /.test(rowOf(program, 'mail')), 20_000);
		expect(await quit(program)).toEqual({code: 0, restored: true});
	}, 60_000);
});

describe('the schema', () => {
	it('dropped and put back', async () => {
		const program = await watch();
		await database.query('drop schema absurd cascade');
		await program.waitFor(/has no schema absurd/, 10_000);
		await program.press('R', 'N', 'tab', 'j');
		await program.waitFor('has no schema absurd');
		await database.query(absurdSql());
		await program.waitFor(/Queues 0|no queue/i, 10_000);
		await fill();
		await program.press('r');
		const version = await versionShown();
		await program.waitFor(screen => screen.includes('Bounce') && /Queues 2/.test(screen) && screen.includes(version));
		expect(program.rows()[0]).toContain(version);
		expect(await quit(program)).toEqual({code: 0, restored: true});
	}, 60_000);

	it('migrated to a later release: what it brought can be used without connecting again', async () => {
		const later = `'get_schema_version', 'retry_task', 'get_task_result', 'ensure_partitions', 'retry_delay_seconds'`;
		const functions = await database.query<{name: string; text: string}>(
			`select oid::regprocedure::text as name, pg_get_functiondef(oid) as text from pg_proc
			where pronamespace = 'absurd'::regnamespace and proname in (${later})`,
		);
		for (const {name} of functions) await database.query(`drop function ${name}`);
		const program = await watch();
		expect(program.rows()[0]).toContain('absurd 0.1.0');
		await program.press('tab', 'tab');
		await program.ask('R', /Cannot retry: .*no retry_task/);

		for (const {text} of functions) await database.query(text);
		await program.press('r');
		await program.waitFor(await versionShown());
		await program.ask('R', /y retry it/);
		await program.ask('y', 'Retried');
		await expectRetried();
		expect(await quit(program)).toEqual({code: 0, restored: true});
	}, 60_000);
});

describe('rights', () => {
	const role = `watcher_${process.pid}`;
	const grantAll = `
		grant usage on schema absurd to ${role};
		grant select, insert, update, delete on all tables in schema absurd to ${role}`;
	let url: string;

	beforeEach(async () => {
		await database.query(`create role ${role} login; ${grantAll}`);
		const target = new URL(database.url);
		target.username = role;
		url = target.href;
	});
	afterEach(async () => {
		await endPrograms();
		await database.query(`drop owned by ${role}; drop role ${role}`);
	});

	it('on one queue revoked and granted: the others go on', async () => {
		const program = await watch(url);
		await database.query(`revoke select on absurd.r_mail from ${role}`);
		await program.waitFor(/permission denied|may not (?:be )?read/i, 10_000);
		await absurd.spawn('agents', 'run-agent');
		await program.waitFor(() => /agents +2 /.test(rowOf(program, 'agents')));
		await database.query(grantAll);
		await absurd.spawn('mail', 'another');
		await program.press('r');
		await program.waitFor(() => /mail +1 /.test(rowOf(program, 'mail')), 40_000);
		expect(await quit(program)).toEqual({code: 0, restored: true});
	}, 90_000);

	it('to act revoked and granted: the key is greyed with the reason, then works', async () => {
		await database.query(`revoke insert, update, delete on all tables in schema absurd from ${role}`);
		const program = await watch(url);
		await program.press('tab', 'tab');
		await program.ask('R', /Cannot retry: .*may not retry in the queue mail/);
		await database.query(grantAll);
		await program.press('r');
		// The key is greyed until the rights were read again.
		await program.waitFor(screen => screen.includes('R retry') && !program.dim('R retry'));
		await program.ask('R', /y retry it/);
		await program.ask('y', 'Retried');
		await expectRetried();

		await database.query(`revoke usage on schema absurd from ${role}`);
		await program.waitFor(/may not read the queues/, 10_000);
		await database.query(grantAll);
		await program.waitFor(/Queues 2/, 10_000);
		expect(await quit(program)).toEqual({code: 0, restored: true});
	}, 90_000);
});
