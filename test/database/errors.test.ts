import {describe, expect, test} from 'vitest';
import {planConnection} from '../../source/database/conninfo.ts';
import {describeError, withoutPassword} from '../../source/database/errors.ts';
import {createPasswords} from '../../source/database/passwords.ts';
import {createDatabase} from '../support/database.ts';
import {probe, sessionOn} from '../support/session.ts';

const place = {user: 'me', host: 'db1', port: 5432, database: 'jobs'};

describe('errors of the way', () => {
	const codes: ReadonlyArray<readonly [string, RegExp]> = [
		['ECONNREFUSED', /nothing listens on db1:5432/],
		['ENOTFOUND', /host name db1 is not known/],
		['ETIMEDOUT', /did not answer in time/],
		['EHOSTUNREACH', /no way to the host db1/],
		['ECONNRESET', /connection to db1:5432 broke/],
		['CERT_HAS_EXPIRED', /certificate was not accepted/],
	];
	test.each(codes)('%s', (code, sentence) => {
		const error = describeError(Object.assign(new Error('connect x'), {code}), {what: 'Could not connect', place});
		expect(error.sentence).toMatch(sentence);
		expect(error).toMatchObject({sqlstate: undefined, fatal: true});
		const several = new AggregateError([Object.assign(new Error('connect x'), {code})], '');
		expect(describeError(several, {what: 'Could not connect', place}).sentence).toMatch(sentence);
	});
});

test('errors of the server keep SQLSTATE and words, name the queue, and say what to do', async () => {
	const database = await createDatabase();
	await database.query('create role nobody_special login; create table secret (n integer)');
	const url = new URL(database.url);
	url.username = 'nobody_special';
	const session = await sessionOn(url.href);
	const statements = ['select n from secret', 'select n from missing', `select 'x'::int`, 'select nothing()'];
	const {outcomes} = await session.read(
		statements.map(text => probe(text, [], 'mail')),
		5000,
	);
	const sentences = outcomes.map(outcome => (outcome.kind === 'error' ? outcome.error.sentence : ''));
	expect(sentences[0]).toMatch(
		/^Queue mail could not be read \(probe\): permission denied for table secret\. .*grant .* to nobody_special; .*\. \(42501\)$/,
	);
	expect(sentences[1]).toMatch(/relation "missing" does not exist\. The queue was dropped.*\(42P01\)$/);
	expect(sentences[2]).toMatch(/Correct the value\. \(22P02\)$/);
	expect(sentences[3]).toMatch(/function nothing\(\) does not exist.*\(42883\)$/);
	await session.close();
	await database.query('drop owned by nobody_special; drop role nobody_special');
	await database.drop();
});

test('passwords are taken out of whatever quotes a connection string', () => {
	const texts = [
		'cannot reach postgresql://me:hunter2@db1/jobs now',
		'cannot reach postgres://me:hunter2%40@db1/jobs',
		`wrong: host=db1 password=hunter2 dbname=x`,
		`wrong: password='hunter2 \\' hunter2' dbname=x`,
		'postgresql://db1/x?password=hunter2&user=me',
		'sslpassword = hunter2',
	];
	for (const text of texts) expect(withoutPassword(text)).not.toContain('hunter2');
	expect(withoutPassword('postgresql://me@db1:5432/jobs')).toBe('postgresql://me@db1:5432/jobs');
});

test('a plan and its passwords do not show the password when they are printed in an error', async () => {
	const request = {
		database: 'postgresql://me:hunter2@127.0.0.1:1/x',
		host: undefined,
		port: undefined,
		user: undefined,
	};
	const plan = planConnection(request, {HOME: '/nonexistent'});
	await expect(sessionOn(request.database)).rejects.not.toThrow(/hunter2/);
	expect(JSON.stringify(createPasswords(plan, undefined))).not.toContain('hunter2');
});
