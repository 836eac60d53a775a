import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {quoteIdent} from '../../source/database/identifiers.ts';
import {fill, statement, variantFor} from '../../source/database/sql.ts';
import {readSqlFile} from '../../source/database/sql-files.ts';
import {parseTemplate} from '../../source/database/sql-template.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';

const hostile = [
	'plain',
	'Two Words',
	'a"b',
	`x'; drop table y; --`,
	'ü😀',
	'$$',
	':"r"',
	String.raw`back\slash`,
	'a.b',
	'%I',
];

function make(
	sql: string,
	identifiers: Readonly<Record<string, string>> = {},
	values: Readonly<Record<string, string | number | null>> = {},
) {
	return fill('probe', parseTemplate('probe', sql), identifiers, values, 'mail');
}

describe('quoteIdent', () => {
	let database: TestDatabase;
	beforeAll(async () => {
		database = await createDatabase({empty: true});
	});
	afterAll(() => database.drop());

	test.each(hostile)('%s comes back from the server as it went in', async name => {
		await database.query(`create table ${quoteIdent(name)} (n integer)`);
		const rows = await database.query('select relname from pg_class where relname = $1', [name]);
		expect(rows).toEqual([{relname: name}]);
		const read = make("select count(*)::int n from :\"t\" where :'v'::text = $$:'v'$$", {t: name}, {v: ":'v'"});
		expect((await database.client.query(read.text, [...read.values])).rows).toEqual([{n: 0}]);
	});

	test('refuses what Postgres cannot hold', () => {
		expect(() => quoteIdent('a\0b')).toThrow(/NUL/);
		expect(() => quoteIdent('')).toThrow(/empty/);
	});
});

describe('templates', () => {
	test('bind each value once, in order of appearance', () => {
		const made = make(`select :'b'::int, :'a'::text, :'b'::int;`, {}, {a: 'x', b: 2});
		expect(made.text).toBe('select $1::int, $2::text, $1::int');
		expect(made.values).toEqual([2, 'x']);
		expect(made.target).toBe('mail');
	});

	test('a bound NULL is a value', () => {
		expect(make(`select :'a'::text`, {}, {a: null}).values).toEqual([null]);
	});

	const untouched = [
		`select '1'::int`,
		`select ':"t" :''v'' :x'`,
		`select e'it\\'s :x'`,
		`select $$ :'v' ; :x $$`,
		`select $f$ :'v' $$ $1 $f$`,
		`select "a:b"`,
		`select f(a := 1)`,
		`select 'x'::"char"`,
	];
	test.each(untouched)('%s stays as it is', sql => {
		expect(make(sql).text).toBe(sql);
	});

	test('comments are left out, with what is in them', () => {
		expect(make(`-- asks :'v'\nselect 1 /* :"t"; */ + 2 -- end`).text).toBe('select 1  + 2');
	});

	const refused: ReadonlyArray<readonly [string, RegExp]> = [
		['select :x', /:x is not allowed/],
		['select :{?x}', /not allowed/],
		['select $1', /\$1 is not allowed/],
		[`select 'open`, /not allowed/],
		['select 1; select 2', /one statement/],
		[`select :'v'::int`, /needs the value :'v'/],
		['select 1 from :"t"', /needs the identifier :"t"/],
		[`select :'constructor'::text`, /needs the value/],
	];
	test.each(refused)('%s is refused', (sql, reason) => {
		expect(() => make(sql)).toThrow(reason);
	});

	test('what is given must be used', () => {
		expect(() => make('select 1', {t: 'x'}, {v: 1})).toThrow(/no variable t, v/);
	});

	test('a text that is kept is the one for these names', () => {
		const parts = parseTemplate('next-wakeups', readSqlFile('next-wakeups.sql'));
		const pairs = [
			['a","b', 'c'],
			['a', 'b","c'],
			['a""', 'b'],
			['a', '""b'],
			...Array.from({length: 1200}, (_, index) => [`r ${index}`, `t ${index}`]),
		];
		// Twice: what is kept is not all of it, and what is not kept is made again.
		for (const [r_table = '', t_table = ''] of [...pairs, ...pairs]) {
			const [names, values] = [{r_table, t_table}, {rows: 5}];
			expect(statement('next-wakeups', names, values)).toEqual(fill('next-wakeups', parts, names, values, undefined));
		}
	});

	test('a missing file is an error', () => {
		expect(() => statement('no-such-query', {}, {})).toThrow(/no-such-query/);
	});
});

describe('variants', () => {
	const files = ['live.sql', 'live.0.1.0.sql', 'live.0.10.0.sql', 'live-more.sql', 'live.0.2.0.sql'];
	test.each([
		['0.0.4', 'live'],
		['0.1.0', 'live.0.1.0'],
		['0.3.0', 'live.0.2.0'],
		['0.10.0', 'live.0.10.0'],
	])('release %s reads %s', (release, file) => {
		expect(variantFor('live', release, files)).toBe(file);
	});

	test('a variant keeps the name of the query', () => {
		expect(fill('live.0.1.0', [], {}, {}, undefined).name).toBe('live');
	});
});
