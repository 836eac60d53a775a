import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {configPath} from '../../source/config.ts';
import {readOptions} from '../../source/read-options.ts';
import {UsageError} from '../../source/usage-error.ts';

let home: string;
let path: string;

beforeAll(() => {
	home = mkdtempSync(join(tmpdir(), 'absurd-top-config-'));
	mkdirSync(join(home, 'absurd-top'));
	path = join(home, 'absurd-top', 'config.json');
});
afterAll(() => rmSync(home, {recursive: true}));

function options(content: unknown, line: string, environment: NodeJS.ProcessEnv = {}) {
	writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), {mode: 0o600});
	const invocation = readOptions(line.split(' '), {XDG_CONFIG_HOME: home, ...environment}, true);
	if (invocation.kind === 'print') throw new Error('It printed instead.');
	return invocation.options;
}

const prod = {
	database: 'postgresql://watch@db1/jobs',
	label: 'prod-eu',
	colour: 'red',
	readOnly: true,
	interval: 5,
	queues: ['mail', 'agents'],
	filters: {bounces: 'error:BounceError age<1h'},
};

test('the file is where XDG wants it, or where the variable says', () => {
	expect(configPath({XDG_CONFIG_HOME: '/x', HOME: '/h'})).toBe('/x/absurd-top/config.json');
	expect(configPath({XDG_CONFIG_HOME: 'relative', HOME: '/h'})).toBe('/h/.config/absurd-top/config.json');
	expect(configPath({HOME: '/h'})).toBe('/h/.config/absurd-top/config.json');
	expect(configPath({HOME: '/h', ABSURD_TOP_CONFIG: 'my.json'})).toBe('my.json');
});

test('a profile sets everything, in subcommands too', () => {
	const expected = {
		database: 'postgresql://watch@db1/jobs',
		label: 'prod-eu',
		labelColour: 'red',
		readOnly: true,
		interval: 5000,
		queues: ['mail', 'agents'],
		savedFilters: [{name: 'bounces', filter: 'error:BounceError age<1h'}],
	};
	expect(options({profiles: {prod}}, '--profile prod')).toMatchObject(expected);
	expect(options({profiles: {prod}}, 'check --profile prod')).toMatchObject(expected);
});

test('flags win over the profile, which wins over the environment; only read-only cannot be lifted', () => {
	const line = '-d other --profile=prod --label test -i 1 -q mail';
	expect(options({profiles: {prod}}, line, {ABSURD_TOP_READ_ONLY: '0'})).toMatchObject({
		database: 'other',
		label: 'test',
		interval: 1000,
		queues: ['mail'],
		readOnly: true,
	});
	expect(options({profiles: {prod: {}}}, '--profile prod', {ABSURD_TOP_READ_ONLY: '1'}).readOnly).toBe(true);
});

test('without --profile the file is not even read', () => {
	expect(options('{', '--once')).toMatchObject({database: undefined, queues: [], interval: 2000});
});

describe('a mistake in the file says where it is', () => {
	const wrong: ReadonlyArray<readonly [content: unknown, sentence: RegExp]> = [
		['{"profiles": {', /config\.json is not JSON/],
		[[], /not an object with profiles/],
		[{profile: {prod}}, /has profile; there is only profiles/],
		[{profiles: {}}, /no profile prod in .*there are: none/],
		[{profiles: {test: {}, staging: {}}}, /there are: test, staging/],
		[{profiles: {prod: 'x'}}, /profiles\.prod is not an object/],
		[{profiles: {prod, test: {host: 'db1'}}}, /profiles\.test has no host; there are database, label/],
		[{profiles: {prod: {interval: '2s'}}}, /profiles\.prod\.interval is "2s"; it must be a number of seconds/],
		[{profiles: {prod: {interval: 0}}}, /from 0\.1/],
		[{profiles: {prod: {colour: 'crimson'}}}, /one of red, green/],
		[{profiles: {prod: {queues: 'mail'}}}, /a list of texts/],
		[{profiles: {prod: {readOnly: 'yes'}}}, /true or false/],
		[{profiles: {prod: {database: ''}}}, /not empty/],
		[{profiles: {prod: {filters: {bad: 'age>soon'}}}}, /bad is none/],
	];
	test.each(wrong)('%j', (content, sentence) => {
		expect(() => options(content, '--profile prod')).toThrow(UsageError);
		expect(() => options(content, '--profile prod')).toThrow(sentence);
	});

	test('a file that is not there', () => {
		expect(() => readOptions(['--profile', 'prod'], {ABSURD_TOP_CONFIG: join(home, 'none.json')}, true)).toThrow(
			`There is no profile prod: there is no file ${join(home, 'none.json')}.`,
		);
	});

	test('a password that others may read', () => {
		const database = 'postgresql://watch:hunter2@db1/jobs';
		expect(options({profiles: {prod: {database}}}, '--profile prod').database).toBe(database);
		chmodSync(path, 0o644);
		const read = () => readOptions(['--profile', 'prod'], {ABSURD_TOP_CONFIG: path}, true);
		expect(read).toThrow(/chmod 600/);
		expect(read).not.toThrow(/hunter2/);
	});
});

test('--demo brings its own database', () => {
	expect(() => options({profiles: {prod}}, '--demo --profile prod')).toThrow(/leave --profile out/);
});
