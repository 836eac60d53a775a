import {describe, expect, test} from 'vitest';
import {flagGroups, flagName, helpText} from '../../source/flags.ts';
import type {Options} from '../../source/options.ts';
import {readOptions} from '../../source/read-options.ts';
import {UsageError} from '../../source/usage-error.ts';

function run(argv: readonly string[], environment: NodeJS.ProcessEnv = {}, terminal = true): Options {
	const invocation = readOptions(argv, environment, terminal);
	if (invocation.kind !== 'run') throw new Error('It printed instead.');
	return invocation.options;
}

const defaults: Options = {
	database: undefined,
	host: undefined,
	port: undefined,
	user: undefined,
	queues: [],
	interval: 2000,
	readOnly: false,
	bulkCap: 1000,
	demo: false,
	once: false,
	filter: undefined,
	ascii: false,
	colour: true,
	utc: false,
	label: undefined,
	maxDbMs: undefined,
	debugLog: undefined,
};

describe('a command line', () => {
	const lines: ReadonlyArray<readonly [line: string, Partial<Options>]> = [
		['', {}],
		['jobs', {database: 'jobs'}],
		['-d jobs -h db1 -p 5433 -U me', {database: 'jobs', host: 'db1', port: '5433', user: 'me'}],
		['-djobs -hdb1 -p5433 -Ume', {database: 'jobs', host: 'db1', port: '5433', user: 'me'}],
		['--database=jobs --host=db1 --port=5433 --user=me', {database: 'jobs', host: 'db1', port: '5433', user: 'me'}],
		['-h a,b -p 1,2', {host: 'a,b', port: '1,2'}],
		['postgresql://u:p@h/x?application_name=a', {database: 'postgresql://u:p@h/x?application_name=a'}],
		['-q mail -q agents -q mail --queue=-odd', {queues: ['mail', 'agents', '-odd']}],
		['-i 0.5', {interval: 500}],
		['-i .25', {interval: 250}],
		['--read-only --utc --ascii --label prod', {readOnly: true, utc: true, ascii: true, label: 'prod'}],
		['--max-db-ms 20 --debug-log f.log', {maxDbMs: 20, debugLog: 'f.log'}],
		['--once', {once: 'text'}],
		['--json', {once: 'json'}],
		['--json --once', {once: 'json'}],
		['--no-color', {colour: false}],
		['--demo', {demo: true}],
		['-- -jobs', {database: '-jobs'}],
	];
	test.each(lines)('%s', (line, expected) => {
		expect(run(line === '' ? [] : line.split(' '))).toEqual({...defaults, ...expected});
	});

	const wrong: ReadonlyArray<readonly [line: string, sentence: RegExp]> = [
		['-x', /no flag -x/],
		['--foo', /no flag --foo/],
		['--csv', /no flag --csv/],
		['--no-utc', /no flag --no-utc/],
		['-h', /-h needs a value/],
		['-h --json', /-h needs a value/],
		['--label=', /--label needs a value/],
		['-i abc', /--interval is "abc"/],
		['-i 0', /from 0.1/],
		['-i -5', /-i needs a value/],
		['-i 1e3', /"1e3"/],
		['-p 70000', /1 to 65535/],
		['-p x', /"x"/],
		['--max-db-ms none', /--max-db-ms is "none"/],
		['-d jobs other', /named twice/],
		['jobs other', /"other" is a second one/],
		['-d a -d b', /twice/],
		['--json=yes', /takes no value/],
		['--demo jobs', /leave --database out/],
		['--demo -h db1', /leave --host out/],
	];
	test.each(wrong)('%s is wrong usage', (line, sentence) => {
		expect(() => run(line.split(' '))).toThrow(UsageError);
		expect(() => run(line.split(' '))).toThrow(sentence);
	});

	test('an empty DATABASE is wrong usage', () => {
		expect(() => run([''])).toThrow(/empty/);
	});
});

test.each([
	['1', true],
	['yes', true],
	['ture', true],
	['0', false],
	['off', false],
	['', false],
])('ABSURD_TOP_READ_ONLY=%s', (value, readOnly) => {
	expect(run([], {ABSURD_TOP_READ_ONLY: value}).readOnly).toBe(readOnly);
});

test('NO_COLOR counts when it is not empty', () => {
	expect([run([], {NO_COLOR: '1'}).colour, run([], {NO_COLOR: ''}).colour]).toEqual([false, true]);
});

test('without a terminal it prints once', () => {
	expect([run([], {}, false).once, run(['--json'], {}, false).once]).toEqual(['text', 'json']);
});

describe('help', () => {
	test('is asked for by --help, not by -h', () => {
		expect(readOptions(['jobs', '--help'], {}, true)).toEqual({kind: 'print', text: helpText()});
		expect(readOptions(['--version'], {}, true)).toMatchObject({kind: 'print'});
	});

	test('lists every flag that is accepted, and none that is not', () => {
		const known = flagGroups.flatMap(({flags}) => flags.map(({key}) => flagName(key)));
		const named = new Set(helpText().match(/--[a-z][a-z-]*/g));
		expect([...named].sort()).toEqual([...known].sort());
	});

	test('fits 100 columns', () => {
		expect(
			helpText()
				.split('\n')
				.filter(line => line.length > 100),
		).toEqual([]);
	});
});
