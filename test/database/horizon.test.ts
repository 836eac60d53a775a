import {afterAll, beforeAll, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import {databaseRules} from '../../source/monitor/diagnosis.ts';
import type {Source} from '../../source/monitor/source.ts';
import {known, serverFacts} from '../support/checkup.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {serverEvidence} from '../support/evidence.ts';
import {createQueue} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

// Sessions that really keep vacuum from removing dead rows, and others that look like them.

let database: TestDatabase;
let source: Source;

beforeAll(async () => {
	database = await createDatabase();
	await createQueue(database, 'mail');
	source = createSource(await sessionOn(database.url), {queues: []});
	await source.catalogue(5000);
});
afterAll(async () => {
	await source.close();
	await database.drop();
});

const rule = databaseRules.find(({id}) => id === 'vacuum-held-back');
const verdict = async () => rule?.find(serverEvidence({horizon: (await serverFacts(source)).horizon}));

/** Begins so many transactions that change something. */
async function transactions(count: number): Promise<void> {
	const busy = await database.connect();
	await busy.query(`set synchronous_commit = off`);
	await busy.query(`do $$ begin for n in 1..${count} loop perform pg_current_xact_id(); commit; end loop; end $$`);
}

test('a young one in a quiet database is no finding; one that half a million transactions went by is', async () => {
	const old = await database.connect();
	await old.query(`set application_name = 'a dump'`);
	await old.query('begin isolation level repeatable read');
	await old.query('select count(*) from absurd.queues');
	const [me] = (await old.query<{pid: number}>('select pg_backend_pid() as pid')).rows;
	await transactions(1000);
	expect(known((await serverFacts(source)).horizon)).toEqual([]);
	await transactions(500_000);
	expect(known((await serverFacts(source)).horizon)).toMatchObject([{kind: 'transaction', application: 'a dump'}]);
	const name = `pid ${me?.pid} (a dump, `;
	expect(await verdict()).toMatchObject({
		severity: 'warning',
		// Other databases of the server have transactions, too.
		sentence: expect.stringMatching(/^vacuum is held back by .*, open for .*: 5\d{5} transactions since$/),
	});
	expect(await verdict()).toMatchObject({sentence: expect.stringContaining(name)});
	// It is true: dead rows stay as long as the snapshot is there, and go with it.
	await database.query(`insert into absurd.c_mail (task_id, checkpoint_name, owner_run_id)
		select gen_random_uuid(), 'x', gen_random_uuid() from generate_series(1, 1000)`);
	await database.query('delete from absurd.c_mail');
	const dead = async () => {
		await database.query('vacuum absurd.c_mail');
		const [row] = await database.query<{size: string}>(`select pg_relation_size('absurd.c_mail') as size`);
		return Number(row?.size) > 0;
	};
	expect(await dead()).toBe(true);
	await old.query('rollback');
	expect(await verdict()).toBeUndefined();
	expect(await dead()).toBe(false);
}, 120_000);

test('who wrote and idles is one, too; who did not, or does so in another database, is not', async () => {
	const idle = await database.connect();
	await idle.query('begin');
	await idle.query('select 1');
	const elsewhere = await createDatabase();
	const other = await elsewhere.connect();
	await other.query('begin isolation level repeatable read');
	await other.query('select count(*) from absurd.queues');
	const wrote = await database.connect();
	await wrote.query('begin');
	const [me] = (await wrote.query<{pid: number}>('select pg_backend_pid() as pid, pg_current_xact_id()')).rows;
	await transactions(500_000);
	expect(known((await serverFacts(source)).horizon).map(({name}) => name)).toEqual([`pid ${me?.pid}`]);
	expect(await verdict()).toMatchObject({severity: 'warning'});
	await wrote.query('rollback');
	expect(await verdict()).toBeUndefined();
	await elsewhere.drop();
}, 120_000);

test('a role that may not see since when others are open says that it cannot be known', async () => {
	const role = `blind_${database.name}`;
	await database.query(`create role ${role} login`);
	await database.query(`grant usage on schema absurd to ${role}`);
	await database.query(`grant select on all tables in schema absurd to ${role}`);
	const url = new URL(database.url);
	url.username = role;
	const blind = createSource(await sessionOn(url.href), {queues: []});
	await blind.catalogue(5000);
	const judged = async () => rule?.find(serverEvidence({horizon: (await serverFacts(blind)).horizon}));
	expect(await judged()).toEqual({unknown: expect.stringContaining('pg_read_all_stats')});
	await database.query(`grant pg_read_all_stats to ${role}`);
	expect(await judged()).toBeUndefined();
	await blind.close();
	await database.query(`drop owned by ${role}`);
	await database.query(`drop role ${role}`);
});
