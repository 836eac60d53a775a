import {describe, expect, test} from 'vitest';
import type {Attempt} from '../../source/database/attempt.ts';
import {type ConnectionRequest, planConnection} from '../../source/database/conninfo.ts';
import {UsageError} from '../../source/usage-error.ts';

const nobody: NodeJS.ProcessEnv = {HOME: '/nonexistent', PGUSER: 'me'};

function plan(database: string | undefined, flags: Partial<ConnectionRequest> = {}, environment = nobody) {
	return planConnection({database, host: undefined, port: undefined, user: undefined, ...flags}, environment);
}

/** Host, port and TLS mode of each attempt: `db1:5432 require`. */
function places(attempts: readonly Attempt[]): readonly string[] {
	return attempts.map(
		({host, address, port, tls}) => `${address === undefined ? '' : `${address}=`}${host}:${port} ${tls}`,
	);
}

describe('attempts', () => {
	const table: ReadonlyArray<readonly [string | undefined, readonly string[]]> = [
		[undefined, ['/var/run/postgresql:5432 off', '/tmp:5432 off', 'localhost:5432 require', 'localhost:5432 off']],
		['postgresql://db1/jobs', ['db1:5432 require', 'db1:5432 off']],
		['postgresql://db1/jobs?sslmode=disable', ['db1:5432 off']],
		['postgresql://db1/jobs?sslmode=allow', ['db1:5432 off', 'db1:5432 require']],
		['postgresql://db1/jobs?sslmode=require', ['db1:5432 require']],
		['postgresql://db1/jobs?ssl=true', ['db1:5432 require']],
		['postgresql://db1/jobs?sslmode=verify-ca', ['db1:5432 verify-ca']],
		['postgresql://db1/jobs?sslmode=verify-full', ['db1:5432 verify-full']],
		['postgresql://db1/jobs?sslrootcert=system', ['db1:5432 verify-full']],
		['postgresql:///jobs?host=/run/pg&sslmode=require', ['/run/pg:5432 off']],
		['postgresql://%2Frun%2Fpg:5433/jobs', ['/run/pg:5433 off']],
		['postgresql://[::1]:5433/jobs?sslmode=disable', ['::1:5433 off']],
		['postgresql://a:1,b:2,c/jobs?sslmode=require', ['a:1 require', 'b:2 require', 'c:5432 require']],
		['host=a,b port=7 sslmode=require', ['a:7 require', 'b:7 require']],
		['host=a,b port=7, sslmode=require', ['a:7 require', 'b:5432 require']],
		['host=db1 hostaddr=10.0.0.1 sslmode=verify-full', ['10.0.0.1=db1:5432 verify-full']],
		['hostaddr=10.0.0.1 sslmode=disable', ['10.0.0.1=10.0.0.1:5432 off']],
	];
	test.each(table)('%s', (database, expected) => {
		expect(places(plan(database).attempts)).toEqual(expected);
	});
});

describe('what wins', () => {
	const name = (database: string | undefined, environment: NodeJS.ProcessEnv): string | undefined =>
		plan(database, {}, {...nobody, ...environment}).attempts[0]?.database;

	test('the name: argument, ABSURD_DATABASE_URL, PGDATABASE, absurd', () => {
		const all = {ABSURD_DATABASE_URL: 'postgresql://h/by-url', PGDATABASE: 'by-variable'};
		expect([
			name('postgresql://h/by-argument', all),
			name(undefined, all),
			name(undefined, {PGDATABASE: 'by-variable'}),
			name(undefined, {}),
			name('postgresql://h', {}),
			name('host=h', {PGDATABASE: 'by-variable'}),
		]).toEqual(['by-argument', 'by-url', 'by-variable', 'absurd', 'absurd', 'by-variable']);
	});

	test('flags override parts of a URL, and only those', () => {
		const {attempts} = plan('postgresql://u@a:1/jobs?sslmode=disable&hostaddr=10.0.0.1', {host: 'b', user: 'v'});
		expect(attempts).toEqual([{host: 'b', address: undefined, port: 1, tls: 'off', user: 'v', database: 'jobs'}]);
	});

	test('the variables fill in what a URL leaves out', () => {
		const environment = {
			...nobody,
			PGHOST: 'c',
			PGPORT: '7',
			PGSSLMODE: 'require',
			PGCONNECT_TIMEOUT: '1',
			PGPASSWORD: 's',
		};
		const made = plan('postgresql://u@/jobs', {}, environment);
		expect([places(made.attempts), made.connectTimeout, made.password]).toEqual([['c:7 require'], 2000, 's']);
	});

	test('without a user it is this account', () => {
		expect(plan('jobs', {}, {HOME: '/x'}).attempts[0]?.user).toMatch(/./);
	});

	test('a password in a URL is decoded, and wins over PGPASSWORD', () => {
		expect(plan('postgresql://u:p%40%3A%2F@h/x', {}, {...nobody, PGPASSWORD: 'no'}).password).toBe('p@:/');
		expect(plan('postgresql://u:a:b@h/x').password).toBe('a:b');
	});
});

describe('what cannot be honoured says so', () => {
	const wrong: ReadonlyArray<readonly [string, RegExp]> = [
		['postgresql://h/x?foo=1', /unknown parameter "foo"/],
		['postgresql://h/x?sslmode=no-verify', /sslmode is "no-verify"; it may be disable/],
		['postgresql://h/x%zz', /wrong % escape in its database name/],
		['postgresql://u:secret%zz@h/x', /wrong % escape in its password/],
		['postgresql://h:99999/x', /"99999" is not a port/],
		['postgresql://h:abc/x', /"abc" is not a port/],
		['postgresql://[::1/x', /IPv6/],
		['mysql://u:secret@h/x', /must begin with postgresql/],
		["host='open password=secret", /cannot be read at character 1/],
		['password=secret nonsense', /cannot be read at character 16/],
		['foo=1', /unknown parameter "foo"/],
		['host=a,b port=1,2,3', /3 ports for 2 hosts/],
		['host=a,b hostaddr=10.0.0.1', /2 hosts for 1 addresses/],
		['host=@abstract', /abstract/],
		['connect_timeout=soon', /whole number of seconds/],
		['target_session_attrs=best', /it may be any, read-write/],
		['require_auth=scram-sha-256', /require_auth \(PGREQUIREAUTH\) is not supported/],
		['channel_binding=require', /channel_binding/],
		['gssencmode=require', /gssencmode/],
		['replication=database', /replication/],
		['sslrootcert=system sslmode=require', /verify-full only/],
		['sslnegotiation=direct', /sslmode=require/],
		['service=none', /service "none" is neither in/],
	];
	test.each(wrong)('%s', (database, sentence) => {
		expect(() => plan(database)).toThrow(UsageError);
		expect(() => plan(database)).toThrow(sentence);
		expect(() => plan(database)).not.toThrow(/secret/);
	});

	test('harmless values pass', () => {
		const text = 'gssencmode=prefer channel_binding=prefer keepalives=1 client_encoding=utf8 tcp_user_timeout=1';
		expect(plan(text).attempts.length).toBeGreaterThan(0);
		expect(
			plan(undefined, {}, {...nobody, PGGSSENCMODE: 'disable', PGKRBSRVNAME: 'x'}).attempts.length,
		).toBeGreaterThan(0);
	});
});
