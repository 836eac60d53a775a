import {afterAll, beforeAll, expect, test} from 'vitest';
import {endStatement, savepoint} from '../../source/database/guest.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
	database = await createDatabase({empty: true});
});
afterAll(() => database.drop());

test('the end of a statement gives its locks back and answers nothing', async () => {
	await database.query('create table held (n integer)');
	await database.query(`begin; savepoint ${savepoint}; lock table held in row share mode`);
	const held = () => database.query(`select 1 as n from pg_locks where relation = 'held'::regclass`);
	expect(await held()).toEqual([{n: 1}]);
	const answers: unknown = await database.client.query(endStatement(60_000));
	expect(answers).toMatchObject([{command: 'ROLLBACK'}, {command: 'SELECT', rows: [], fields: []}]);
	expect(await held()).toEqual([]);
	await database.query('rollback');
});

test('past the deadline it fails, though nobody cancelled anything, and so does what comes after', async () => {
	await database.query(`begin; savepoint ${savepoint}`);
	await database.query('select pg_sleep(0.02)');
	await expect(database.client.query(endStatement(10))).rejects.toMatchObject({code: '22012'});
	await expect(database.client.query('select 1')).rejects.toMatchObject({code: '25P02'});
	await database.query('rollback');
});
