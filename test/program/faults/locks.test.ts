import {afterEach, beforeEach, expect, it} from 'vitest';
import {type Absurd, stage} from '../../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../../support/database.ts';
import {endPrograms, type Program, quit, startProgram} from '../../support/program.ts';

// One queue cannot be read for a while: the others go on, it says why and how old it is, and comes back by itself.

const role = `reader_${process.pid}`;
let database: TestDatabase;
let absurd: Absurd;
let url: string;

beforeEach(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	await absurd.createQueue('agents');
	await absurd.spawn('mail', 'send-invoice');
	await absurd.spawn('agents', 'run-agent');
	await database.query(`create role ${role} login; grant usage on schema absurd to ${role};
		grant select on all tables in schema absurd to ${role}`);
	const target = new URL(database.url);
	target.username = role;
	url = target.href;
});
afterEach(async () => {
	await endPrograms();
	await database.query(`drop owned by ${role}; drop role ${role}`);
	await database.drop();
});

const rowOf = (program: Program, queue: string) =>
	program.rows().find(row => new RegExp(`^[ ▸]. ${queue} `).test(row)) ?? '';
const ready = (program: Program, queue: string, count: number) => () =>
	new RegExp(`^[ ▸]. ${queue} +(?:\\d+s +)?${count} `).test(rowOf(program, queue));

async function watch(): Promise<Program> {
	const program = startProgram([url, '-i', '0.3'], {columns: 120, rows: 40});
	await program.waitFor(() => ready(program, 'mail', 1)() && ready(program, 'agents', 1)());
	return program;
}

/** Works on in both queues: `agents` is seen at once, `mail` is not, and its row shows since when. */
async function expectOnlyMailBlind(program: Program): Promise<void> {
	await absurd.spawn('agents', 'run-agent');
	await program.waitFor(ready(program, 'agents', 2));
	await program.waitFor(() => /mail +\d+s/.test(rowOf(program, 'mail')), 30_000);
}

it('a lock on the tables of one queue', async () => {
	const program = await watch();
	const other = await database.connect();
	await other.query('begin; lock table absurd.r_mail in access exclusive mode');
	await expectOnlyMailBlind(program);
	await program.waitFor(/pid \d+ \(\w+\) holds locks on r_mail/, 30_000);
	await other.query('rollback');
	await absurd.spawn('mail', 'another');
	await program.waitFor(ready(program, 'mail', 2), 30_000);
	expect(await quit(program)).toEqual({code: 0, restored: true});
}, 90_000);

it('a statement that takes too long', async () => {
	const program = await watch();
	// A policy is asked for every row, and sleeps.
	await database.query(`create policy slow on absurd.r_mail for select using (pg_sleep(20) is not null);
		alter table absurd.r_mail enable row level security`);
	await absurd.spawn('agents', 'run-agent');
	await program.waitFor(ready(program, 'agents', 2), 30_000);
	await program.waitFor(/The server is slow just now|instead of 0\.3s/, 30_000);
	// Nothing of ours runs on in the server.
	await database.query('alter table absurd.r_mail disable row level security');
	await absurd.spawn('mail', 'another');
	await program.waitFor(ready(program, 'mail', 2), 60_000);
	expect(await quit(program)).toEqual({code: 0, restored: true});
}, 120_000);

it('a lock on the registry of queues', async () => {
	const program = await watch();
	const other = await database.connect();
	await other.query('begin; lock table absurd.queues in access exclusive mode');
	await program.press('r');
	await absurd.spawn('agents', 'run-agent').catch(() => undefined);
	await other.query('rollback');
	await absurd.spawn('mail', 'another');
	await program.waitFor(ready(program, 'mail', 2), 30_000);
	expect(program.screen()).not.toContain('STALE');
	expect(await quit(program)).toEqual({code: 0, restored: true});
}, 60_000);
