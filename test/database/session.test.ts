import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {DatabaseError, Session} from '../../source/database/statement.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {type CountingProxy, startProxy} from '../support/proxy.ts';
import {probe, rowsOf, sessionOn, writingSessionOn} from '../support/session.ts';

let database: TestDatabase;

beforeAll(async () => {
	database = await createDatabase();
	await database.query('create table locked (n integer)');
	await database.query('create table written (n integer)');
});
afterAll(() => database.drop());

async function withSession<Result>(work: (session: Session) => Promise<Result>, url = database.url): Promise<Result> {
	const session = await sessionOn(url);
	try {
		return await work(session);
	} finally {
		await session.close();
	}
}

async function throughProxy<Result>(
	work: (session: Session, proxy: CountingProxy) => Promise<Result>,
): Promise<Result> {
	const url = new URL(database.url);
	const proxy = await startProxy(Number(url.port));
	url.port = String(proxy.port);
	try {
		return await withSession(session => work(session, proxy), url.href);
	} finally {
		await proxy.close();
	}
}

describe('rows', () => {
	const values: ReadonlyArray<readonly [string, unknown]> = [
		[`'2026-03-01 12:00:00.123456+02'::timestamptz`, Date.UTC(2026, 2, 1, 10) + 123.456],
		[`'1969-12-31 23:59:59.5+00'::timestamptz`, -500],
		[`'0044-03-15 00:00:00+00 BC'::timestamptz`, Date.UTC(-43, 2, 15)],
		[`'infinity'::timestamptz`, Number.POSITIVE_INFINITY],
		[`'-infinity'::timestamptz`, Number.NEGATIVE_INFINITY],
		['9007199254740991::int8', 9_007_199_254_740_991],
		['9007199254740993::int8', 9_007_199_254_740_993n],
		[`'{"a": 90071992547409931234}'::jsonb`, '{"a": 90071992547409931234}'],
		['1.10::numeric', '1.10'],
		[`'1 day 2 hours'::interval`, '1 day 02:00:00'],
		['true', true],
		['1.5::float8', 1.5],
		['null::int', null],
		[`array[1, null]::int8[]`, [1, null]],
		[`array['1970-01-01 00:00:01+00']::timestamptz[]`, [1000]],
		[`array['a,b', '"']`, ['a,b', '"']],
	];
	test.each(values)('%s', (sql, value) =>
		withSession(async session => {
			const {outcomes} = await session.read([probe(`select ${sql} as v`)], 5000);
			expect(rowsOf(outcomes[0])).toEqual([{v: value}]);
		}),
	);

	test('instants and bytes mean the same whatever the role prefers', async () => {
		await database.query(`create role german login superuser`);
		await database.query(`alter role german set datestyle = 'German, DMY'`);
		await database.query(`alter role german set timezone = 'Asia/Kathmandu'`);
		const url = new URL(database.url);
		url.username = 'german';
		await withSession(async session => {
			const {outcomes} = await session.read([probe(`select to_timestamp(0.25) as v, interval '90 s' as i`)], 5000);
			expect(rowsOf(outcomes[0])).toEqual([{v: 250, i: '00:01:30'}]);
			expect(session.facts.user).toBe('german');
		}, url.href);
		await database.query('drop role german');
	});
});

describe('a read', () => {
	test('a locked and a missing table among five statements cost two answers and one round trip', () =>
		throughProxy(async (session, proxy) => {
			const owner = await database.connect();
			await owner.query('begin; lock table locked in access exclusive mode');
			const before = [proxy.turns(), proxy.connections()];
			const {outcomes} = await session.read(
				[
					probe('select 1 as n'),
					probe('select count(*) from locked', [], 'jobs'),
					probe('select $1::int as n', [2]),
					probe('select n from missing', [], 'mail'),
					probe('select 3 as n'),
				],
				5000,
			);
			expect([proxy.turns(), proxy.connections()]).toEqual([(before[0] ?? 0) + 1, before[1]]);
			expect([0, 2, 4].map(index => rowsOf(outcomes[index]))).toEqual([[{n: 1}], [{n: 2}], [{n: 3}]]);
			const errors = [outcomes[1], outcomes[3]].map(each => (each?.kind === 'error' ? each.error : undefined));
			expect(errors.map(each => each?.sqlstate)).toEqual(['55P03', '42P01']);
			expect(errors[0]?.sentence).toContain('jobs');
			expect(errors[1]?.sentence).toContain('mail');
			expect(errors.map(each => each?.fatal)).toEqual([false, false]);
			await owner.query('rollback');
		}));

	test('sees one snapshot, holds no lock afterwards, and writes nothing', () =>
		withSession(async session => {
			const answer = await session.read(
				[
					probe('select txid_current_snapshot()::text as s, count(*)::int as n from written'),
					probe(`select txid_current_snapshot()::text as s,
						(select count(*)::int from pg_locks where pid = pg_backend_pid() and relation = 'written'::regclass) as n`),
					probe('insert into written values (1) returning n'),
					probe(`select string_agg(name || '=' || setting, ' ' order by name) as s from pg_settings where name in
						('transaction_read_only', 'transaction_isolation', 'enable_seqscan', 'enable_bitmapscan', 'jit',
						 'max_parallel_workers_per_gather', 'lock_timeout', 'statement_timeout', 'application_name')`),
				],
				1600,
			);
			const [first, second, third, fourth] = answer.outcomes;
			expect(rowsOf(first)[0]?.['s']).toBe(rowsOf(second)[0]?.['s']);
			expect(rowsOf(second)[0]?.['n']).toBe(0);
			expect(third?.kind === 'error' && third.error.sqlstate).toBe('25006');
			expect(rowsOf(fourth)[0]?.['s']).toBe(
				'application_name=absurd-top enable_bitmapscan=off enable_seqscan=off jit=off lock_timeout=50 ' +
					'max_parallel_workers_per_gather=0 statement_timeout=1600 transaction_isolation=repeatable read transaction_read_only=on',
			);
			const settings = await database.query(
				`select state, query from pg_stat_activity where application_name = 'absurd-top' and datname = current_database() and pid <> pg_backend_pid()`,
			);
			// The name lasts as long as the transaction: nothing was set for the session.
			expect(settings).toEqual([]);
		}));

	test('a statement with a second one in it is refused', () =>
		withSession(async session => {
			const {outcomes} = await session.read([probe('select 1; commit; select 2'), probe('select 1 as n')], 5000);
			expect(outcomes.map(({kind}) => kind)).toEqual(['error', 'rows']);
		}));

	test('the deadline cancels what runs and skips the rest, and the session goes on', () =>
		withSession(async session => {
			const slow = `select pg_sleep(20)`;
			const answer = await session.read([probe('select 1 as n'), probe(slow), probe(slow), probe(slow)], 300);
			expect(answer.late).toBe(true);
			expect(answer.outcomes.map(({kind}) => kind)).toEqual(['rows', 'error', 'skipped', 'skipped']);
			expect(answer.outcomes[1]?.kind === 'error' && answer.outcomes[1].error.sqlstate).toBe('57014');
			expect(answer.duration).toBeLessThan(3000);
			for (let index = 0; index < 20; index++) {
				const next = await session.read([probe('select 2 as n')], 1000);
				expect([next.late, rowsOf(next.outcomes[0])]).toEqual([false, [{n: 2}]]);
			}
		}));
});

describe('prepared statements', () => {
	const names = `select array_agg(name::text order by name) as names from pg_prepared_statements`;

	test('what is asked often is prepared, under few names', () =>
		withSession(async session => {
			const texts = Array.from({length: 200}, (_, index) => probe(`select ${index} as n`));
			for (let round = 0; round < 4; round++) {
				const {outcomes} = await session.read(texts, 5000);
				expect(outcomes.map(each => rowsOf(each)[0]?.['n'])).toEqual(texts.map((_, index) => index));
			}
			const {outcomes} = await session.read([probe(`select count(*)::int as n from pg_prepared_statements`)], 5000);
			const count = Number(rowsOf(outcomes[0])[0]?.['n']);
			expect(count).toBeGreaterThan(100);
			expect(count).toBeLessThanOrEqual(150);
		}));

	test('a changed table costs no answer', () =>
		withSession(async session => {
			await database.query('create table changing (a integer)');
			await database.query('insert into changing values (1)');
			const ask = async () => rowsOf((await session.read([probe('select * from changing')], 5000)).outcomes[0]);
			for (let round = 0; round < 5; round++) expect(await ask()).toEqual([{a: 1}]);
			const {outcomes} = await session.read([probe(names)], 5000);
			expect(rowsOf(outcomes[0])[0]?.['names']).toHaveLength(1);
			await database.query(`alter table changing add b text default 'x'`);
			expect(await ask()).toEqual([{a: 1, b: 'x'}]);
			expect(await ask()).toEqual([{a: 1, b: 'x'}]);
		}));
});

describe('a lost connection', () => {
	test('is told once, with the reason, to the reader and to the listener', () =>
		withSession(async session => {
			const told: DatabaseError[] = [];
			session.onLost(error => told.push(error));
			const {outcomes} = await session.read([probe('select pg_backend_pid() as pid')], 5000);
			const refused = expect(session.read([probe('select pg_sleep(20)')], 15_000)).rejects.toMatchObject({
				name: 'SessionError',
				error: {sqlstate: '57P01', fatal: true},
			});
			const kill = async () => {
				const [row] = await database.query<{killed: boolean}>(
					`select pg_terminate_backend(pid) as killed from pg_stat_activity where pid = $1 and query like '%pg_sleep%'`,
					[rowsOf(outcomes[0])[0]?.['pid']],
				);
				return row?.killed === true;
			};
			await expect.poll(kill, {timeout: 10_000}).toBe(true);
			await refused;
			await expect(session.read([], 1000)).rejects.toMatchObject({error: {sqlstate: '57P01'}});
			expect(told.map(({sqlstate}) => sqlstate)).toEqual(['57P01']);
		}));

	test('is noticed between two reads', () =>
		withSession(async session => {
			const {outcomes} = await session.read([probe('select pg_backend_pid() as pid')], 5000);
			const lost = new Promise<DatabaseError>(resolve => session.onLost(resolve));
			await database.query('select pg_terminate_backend($1)', [rowsOf(outcomes[0])[0]?.['pid']]);
			expect((await lost).sqlstate).toBe('57P01');
		}));

	test(
		'a peer that stops answering is given up',
		() =>
			throughProxy(async (session, proxy) => {
				proxy.freeze();
				await expect(session.read([probe('select 1')], 200)).rejects.toThrow(/stopped answering/);
			}),
		15_000,
	);

	test(
		'one whose answer takes long to arrive is not',
		() =>
			throughProxy(async (session, proxy) => {
				proxy.dribble(100);
				const {outcomes} = await session.read([probe(`select repeat('x', 7000) as v`)], 200);
				expect(rowsOf(outcomes[0])).toEqual([{v: 'x'.repeat(7000)}]);
			}),
		30_000,
	);
});

describe('walls', () => {
	test('read-only: the server refuses as well', async () => {
		const session = await sessionOn(database.url, {readOnly: true});
		expect(session.facts.readOnly).toBe('session');
		expect('write' in session).toBe(false);
		const {outcomes} = await session.read(
			[probe(`select current_setting('default_transaction_read_only') as v`)],
			5000,
		);
		expect(rowsOf(outcomes[0])).toEqual([{v: 'on'}]);
		const count = async () => {
			const [row] = await database.query<{n: number}>(
				`select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
				 and backend_type = 'client backend' and application_name = ''`,
			);
			return row?.n;
		};
		// The plain connection that looked for a pooler is closed: one is left besides the test's own. The server's process
		// of one that is closed, this test's or an earlier one's, ends a moment later.
		await expect.poll(count, {timeout: 10_000}).toBe(2);
		await session.close();
	});

	test('a role that may not write says so, asked or not', async () => {
		await database.query(`create role looker login`);
		await database.query(`alter role looker set default_transaction_read_only = on`);
		const url = new URL(database.url);
		url.username = 'looker';
		const session = await sessionOn(url.href);
		expect(session.facts.readOnly).toBe('session');
		await session.close();
		await database.query('drop role looker');
	});

	test('a write is one transaction and resolves after its commit', async () => {
		const session = await writingSessionOn(database.url);
		expect(session.facts.readOnly).toBeUndefined();
		const insert = probe('insert into written values ($1) returning n, txid_current()::text as t', [7]);
		expect(rowsOf(await session.write(insert, 1000))).toMatchObject([{n: 7}]);
		expect(await database.query('select n from written')).toEqual([{n: 7}]);
		const failed = await session.write(probe('insert into written select 1 / 0'), 1000);
		expect(failed.kind === 'error' && failed.error.sqlstate).toBe('22012');
		const owner = await database.connect();
		await owner.query('begin; lock table written in access exclusive mode');
		const waited = await session.write(insert, 100);
		expect(waited.kind === 'error' && waited.error.sqlstate).toBe('55P03');
		await owner.query('rollback');
		const {outcomes} = await session.read([probe('insert into written values (1)')], 1000);
		expect(outcomes[0]?.kind === 'error' && outcomes[0].error.sqlstate).toBe('25006');
		await session.close();
	});
});

test('facts name place, release and server', () =>
	withSession(async session => {
		const url = new URL(database.url);
		expect(session.facts).toMatchObject({
			user: 'postgres',
			host: url.hostname,
			port: Number(url.port),
			database: database.name,
			pooled: false,
			embedded: false,
			standby: false,
			tls: false,
		});
		const [server] = await database.query<{v: string; s: string}>(
			`select split_part(current_setting('server_version'), ' ', 1) as v, absurd.get_schema_version() as s`,
		);
		expect(session.facts).toMatchObject({serverVersion: server?.v, schemaVersion: server?.s});
	}));
