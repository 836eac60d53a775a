import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Session, Statement} from '../../source/database/statement.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startProxy} from '../support/proxy.ts';
import {probe, rowsOf, sessionOn} from '../support/session.ts';

let database: TestDatabase;

beforeAll(async () => {
	database = await createDatabase({empty: true});
});
afterAll(() => database.drop());

const ask = async (session: Session, statement: Statement) =>
	rowsOf((await session.read([statement], 5000)).outcomes[0]);

test('a plan that is kept tells its columns once', async () => {
	const url = new URL(database.url);
	const proxy = await startProxy(Number(url.port));
	url.port = String(proxy.port);
	const session = await sessionOn(url.href);
	const columns = Array.from({length: 40}, (_, index) => `${index} as a_column_with_a_long_name_${index}`);
	const wide = probe(`select ${columns.join(', ')}`);
	const row = Object.fromEntries(columns.map((_, index) => [`a_column_with_a_long_name_${index}`, index]));
	const sizes: number[] = [];
	for (let round = 0; round < 6; round++) {
		const before = proxy.received();
		expect(await ask(session, wide)).toEqual([row]);
		sizes.push(proxy.received() - before);
	}
	// A name and eighteen bytes for each column, in the third answer, the first of the plan, and in none after it.
	const told = columns.length * ('a_column_with_a_long_name_0'.length + 19);
	expect((sizes[2] ?? 0) - (sizes[3] ?? 0)).toBeGreaterThan(told);
	expect(sizes.slice(3)).toEqual(Array.from({length: 3}, () => sizes[3]));
	await session.close();
	await proxy.close();
});

test('its columns are those of now when the table has changed, and when the server has forgotten it', async () => {
	const session = await sessionOn(database.url);
	await database.query(`create table growing (a integer); insert into growing values (7)`);
	const all = probe('select * from growing');
	for (let round = 0; round < 5; round++) expect(await ask(session, all)).toEqual([{a: 7}]);
	await database.query('alter table growing alter a type text');
	for (let round = 0; round < 5; round++) expect(await ask(session, all)).toEqual([{a: '7'}]);
	await database.query('alter table growing rename a to b');
	for (let round = 0; round < 5; round++) expect(await ask(session, all)).toEqual([{b: '7'}]);
	await ask(session, probe('deallocate all'));
	for (let round = 0; round < 5; round++) expect(await ask(session, all)).toEqual([{b: '7'}]);
	await session.close();
});

test('no rows, no columns, and a name that objects have of their own', async () => {
	const session = await sessionOn(database.url);
	for (let round = 0; round < 5; round++) {
		expect(await ask(session, probe('select 1 as n where false'))).toEqual([]);
		expect(await ask(session, probe('select'))).toEqual([{}]);
		expect(await ask(session, probe(`select null as "constructor", true as "toString"`))).toEqual([
			{constructor: null, toString: true},
		]);
	}
	await session.close();
});

test('a value that cannot be read ends the session with the reason: the server does not talk as agreed', async () => {
	const session = await sessionOn(database.url);
	const odd = probe(`select set_config('datestyle', 'German', true) as s, '2026-03-01 12:00+00'::timestamptz as at`);
	await expect(session.read([probe('select 1 as n'), odd], 5000)).rejects.toThrow(
		/Not an instant in ISO style: 01\.03\.2026/,
	);
	await session.close();
});
