import {afterEach, beforeEach, expect, it} from 'vitest';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, startProgram} from '../support/program.ts';

let database: TestDatabase;
let absurd: Absurd;

beforeEach(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	await absurd.spawn('mail', 'send', {}, {max_attempts: 1});
	const [run = ''] = await absurd.claim('mail', 'w');
	await absurd.fail('mail', run, 'Bounce', 'no');
});
afterEach(async () => {
	await endPrograms();
	await database.drop();
});

it('a role that may only look is told before any dialog opens, in the status line and in the help', async () => {
	const role = `looker_${database.name}`;
	await database.query(`create role ${role} login`);
	await database.query(`grant usage on schema absurd to ${role}`);
	await database.query(`grant select on all tables in schema absurd to ${role}`);
	const url = new URL(database.url);
	url.username = role;
	try {
		const program = startProgram([url.href, '-i', '0.3', '--label', 'prod'], {columns: 160, rows: 60});
		await program.waitFor('Bounce');
		await program.press('tab', 'tab');
		await program.ask('R', /Cannot retry: looker_\S+ may not retry in the queue mail/);
		expect(program.screen()).not.toContain('Retry task');
		const help = await program.ask('?', /R +retry the task/);
		expect(help).toMatch(/R +retry the task \(asks first\).*looker_/);
		// Only the connection that watches was opened.
		const [row] = await database.query<{n: number}>(
			'select count(*)::int as n from pg_stat_activity where usename = $1 and datname = current_database()',
			[role],
		);
		expect(row?.n).toBe(1);
	} finally {
		await endPrograms();
		await database.query(`drop owned by ${role}`);
		await database.query(`drop role ${role}`);
	}
}, 40_000);
