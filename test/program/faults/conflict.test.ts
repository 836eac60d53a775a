import {afterAll, afterEach, beforeAll, expect, it} from 'vitest';
import {eventually, stage} from '../../support/absurd.ts';
import {absurdSql, queryOn} from '../../support/own-server.ts';
import {endPrograms, quit, startProgram} from '../../support/program.ts';
import {startServer, type TestServer} from '../../support/server.ts';
import {startStandby} from '../../support/standby.ts';

let primary: TestServer;
let standby: TestServer;
let query: ReturnType<typeof queryOn>;

beforeAll(async () => {
	primary = await startServer();
	query = queryOn(primary.url());
	await query(absurdSql());
	const absurd = stage({query});
	await absurd.createQueue('mail');
	await absurd.createQueue('agents');
	await absurd.spawn('mail', 'send-invoice');
	// For this role each row of one queue takes a while, so that there is something to be in the way of.
	await query(`create role reader login; grant usage on schema absurd to reader;
		grant select on all tables in schema absurd to reader;
		create policy slow on absurd.r_mail for select using (pg_sleep(0.4) is not null);
		alter table absurd.r_mail enable row level security`);
	standby = await startStandby(primary, ['max_standby_streaming_delay=0']);
}, 120_000);
afterEach(endPrograms);
afterAll(async () => {
	await standby.remove();
	await primary.remove();
});

it('a session that is in the way of replay is ended by the standby, and made again at once', async () => {
	const url = standby.url().replace('postgres@', 'reader@');
	const program = startProgram([url, '-i', '1'], {columns: 120, rows: 40});
	await program.waitFor(/READ ONLY \(standby\)/);
	await program.waitFor(/mail +1 /, 30_000);
	const conflicts = async () => {
		const rows = await queryOn(standby.url())<{n: number}>(
			'select sum(confl_lock)::int as n from pg_stat_database_conflicts',
		);
		return rows[0]?.n ?? 0;
	};
	await eventually(
		'it was in the way',
		async () => {
			await query('begin; lock table absurd.r_mail in access exclusive mode; commit');
			return (await conflicts()) > 1;
		},
		40_000,
	);
	await stage({query}).spawn('agents', 'run-agent');
	await program.waitFor(screen => /agents +1 /.test(screen) && !screen.includes('STALE'), 20_000);
	expect(program.rows()[0]).toContain('READ ONLY (standby)');
	expect(await quit(program)).toEqual({code: 0, restored: true});
}, 120_000);
