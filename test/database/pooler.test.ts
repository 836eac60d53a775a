import pg from 'pg';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createHands} from '../../source/database/hands.ts';
import {countFates} from '../../source/monitor/bulk.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {hasPgBouncer, type PgBouncer, startPgBouncer} from '../support/pgbouncer.ts';
import {probe, rowsOf, sessionOn, writingSessionOn} from '../support/session.ts';

if (!hasPgBouncer) console.log('PgBouncer is not installed: its tests are skipped.');

describe.skipIf(!hasPgBouncer)('behind PgBouncer in transaction mode, pool size 1', () => {
	let database: TestDatabase;
	let bouncer: PgBouncer;

	beforeAll(async () => {
		database = await createDatabase();
		await database.query(`select absurd.create_queue('jobs')`);
		bouncer = await startPgBouncer(database.url);
	});
	afterAll(async () => {
		await bouncer.close();
		await database.drop();
	});

	async function worker(): Promise<pg.Client> {
		const client = new pg.Client({connectionString: bouncer.url});
		await client.connect();
		return client;
	}

	test.each([true, false])('a worker beside us can write (to look only: %s)', async readOnly => {
		const session = await sessionOn(bouncer.url, {readOnly});
		expect(session.facts).toMatchObject({pooled: true, readOnly: readOnly ? 'transaction' : undefined});
		const beside = await worker();
		for (let round = 0; round < 5; round++) {
			// The same text often: on a direct connection it would get a name.
			const {outcomes} = await session.read(
				[probe('select $1::int as n', [round]), probe('insert into absurd.queues values ($1)', ['x'])],
				5000,
			);
			expect(rowsOf(outcomes[0])).toEqual([{n: round}]);
			expect(outcomes[1]?.kind === 'error' && outcomes[1].error.sqlstate).toBe('25006');
			await beside.query(`select task_id from absurd.spawn_task('jobs', 'a', '{}')`);
			const claimed = await beside.query(`select run_id from absurd.claim_task('jobs', 'w', 30, 1)`);
			expect(claimed.rowCount).toBe(1);
		}
		const settings = `select name, setting from pg_settings where name in ('transaction_read_only', 'default_transaction_read_only',
			'statement_timeout', 'lock_timeout', 'enable_seqscan', 'application_name', 'TimeZone') order by name`;
		const {rows} = await beside.query<{name: string; setting: string}>(settings);
		expect(Object.fromEntries(rows.map(({name, setting}) => [name, setting]))).toEqual({
			TimeZone: 'UTC',
			application_name: '',
			default_transaction_read_only: 'off',
			enable_seqscan: 'on',
			lock_timeout: '0',
			statement_timeout: '0',
			transaction_read_only: 'off',
		});
		// What the engine's claims keep there is the worker's own, and serves whoever gets the connection next.
		const kept = await beside.query(
			"select name from pg_prepared_statements where not starts_with(name, 'absurd_claim_')",
		);
		expect(kept.rows).toEqual([]);
		await session.close();
		await beside.end();
	});

	test('errors stay with their statement, and the deadline cancels', async () => {
		const session = await sessionOn(bouncer.url);
		const {outcomes} = await session.read(
			[probe('select 1 as n'), probe('select n from missing'), probe('select 3 as n')],
			5000,
		);
		expect(outcomes.map(({kind}) => kind)).toEqual(['rows', 'error', 'rows']);
		const late = await session.read([probe('select pg_sleep(20)'), probe('select 1')], 300);
		expect(late.late).toBe(true);
		expect(late.duration).toBeLessThan(4000);
		expect(late.outcomes.map(({kind}) => kind)).toEqual(['error', 'skipped']);
		const next = await session.read([probe('select 4 as n')], 5000);
		expect(rowsOf(next.outcomes[0])).toEqual([{n: 4}]);
		await session.close();
	});

	test('writing works', async () => {
		const session = await writingSessionOn(bouncer.url);
		const outcome = await session.write(probe(`select task_id from absurd.spawn_task($1, 'b', '{}')`, ['jobs']), 1000);
		expect(rowsOf(outcome)).toHaveLength(1);
		await session.close();
	});

	test('a bulk action and a worker share the one server connection, and neither stops the other', async () => {
		await database.query(`select absurd.create_queue('bulk')`);
		await database.query(
			`select absurd.spawn_task('bulk', 'a', '{}', '{"max_attempts": 1}') from generate_series(1, 120)`,
		);
		await database.query(`select absurd.fail_run('bulk', run_id, '{}') from absurd.claim_task('bulk', 'w', 30, 120)`);
		const rows = await database.query<{id: string}>('select task_id::text as id from absurd."t_bulk"');
		const hands = createHands(
			() => writingSessionOn(bouncer.url),
			() => undefined,
		);
		const tasks = rows.map(({id}) => ({queue: 'bulk', taskId: id}));
		const {act} = await hands.previewBulk({kind: 'retry', tasks, hidden: 0});
		const beside = await worker();
		let written = 0;
		let running = true;
		const writing = (async () => {
			while (running) {
				await beside.query(`select task_id from absurd.spawn_task('jobs', 'beside', '{}')`);
				written++;
			}
		})();
		const {results, trouble} = await hands.performBulk('retry', act, {
			rate: () => 200,
			stopped: () => false,
			progress: () => {},
		});
		running = false;
		await writing;
		expect(trouble).toBeUndefined();
		expect(countFates(results)).toMatchObject({done: 120, failed: 0, unknown: 0});
		expect(written).toBeGreaterThan(2);
		const settings = await beside.query<{name: string; setting: string}>(
			`select name, setting from pg_settings where name in ('lock_timeout', 'statement_timeout', 'transaction_read_only')`,
		);
		expect(Object.fromEntries(settings.rows.map(({name, setting}) => [name, setting]))).toEqual({
			lock_timeout: '0',
			statement_timeout: '0',
			transaction_read_only: 'off',
		});
		await hands.close();
		await beside.end();
	});
});
