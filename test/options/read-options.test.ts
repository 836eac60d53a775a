import {describe, expect, test} from 'vitest';
import {flagGroups, flagName} from '../../source/flags.ts';
import {commands} from '../../source/headless/commands.ts';
import {commandHelpText, helpText} from '../../source/help.ts';
import type {Options} from '../../source/options.ts';
import {readOptions} from '../../source/read-options.ts';
import {UsageError} from '../../source/usage-error.ts';

function run(
	argv: readonly string[],
	environment: NodeJS.ProcessEnv = {XDG_STATE_HOME: '/state'},
	terminal = true,
): Options {
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
	audit: '/state/absurd-top/audit.jsonl',
	demo: false,
	once: false,
	filter: undefined,
	count: 1,
	ascii: false,
	colour: true,
	utc: false,
	label: undefined,
	labelColour: undefined,
	savedFilters: [],
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
		['--audit a.jsonl --bulk-cap 50', {audit: 'a.jsonl', bulkCap: 50}],
		['--no-audit', {audit: undefined}],
		['--read-only --utc --ascii --label prod', {readOnly: true, utc: true, ascii: true, label: 'prod'}],
		['--max-db-ms 20 --debug-log f.log', {maxDbMs: 20, debugLog: 'f.log'}],
		['--once', {once: 'text'}],
		['--json', {once: 'json'}],
		['--json --once', {once: 'json'}],
		['--csv', {once: 'csv'}],
		['-n 5 -i 1', {once: 'text', count: 5, interval: 1000}],
		['--json --count=3', {once: 'json', count: 3}],
		['-d check', {database: 'check'}],
		['jobs --once', {database: 'jobs', once: 'text'}],
		['--no-color', {colour: false}],
		['--demo', {demo: true, audit: undefined}],
		['-- -jobs', {database: '-jobs'}],
	];
	test.each(lines)('%s', (line, expected) => {
		expect(run(line === '' ? [] : line.split(' '))).toEqual({
			...defaults,
			...(expected.once ? {audit: undefined} : {}),
			...expected,
		});
	});

	const wrong: ReadonlyArray<readonly [line: string, sentence: RegExp]> = [
		['-x', /no flag -x/],
		['--foo', /no flag --foo/],
		['--csv --json', /exclude each other/],
		['-n 0', /--count is "0"/],
		['-n 1.5', /whole number/],
		['jobs check', /"check" is a second one/],
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

describe('a subcommand', () => {
	const wrong: ReadonlyArray<readonly [line: string, sentence: RegExp]> = [
		['check --max-ready-age', /needs a value/],
		['check --max-ready-age 60x', /warning\[,critical\], such as 60s/],
		['check --max-ready-age 60s,5m,1h', /warning\[,critical\]/],
		['check --max-ready-age 5m,60s', /critical is below warning/],
		['check --max-fail-rate 120%', /such as 5%/],
		['check --max-dead 1.5', /such as 10/],
		['check --once', /no flag --once/],
		['check a b', /"b" is a second one/],
		['show', /needs the id/],
		['show f24ab5', /whole UUID/],
		['retry', /needs the ids/],
		['retry 1234', /whole UUID/],
		['retry --new --extra-attempts 2 -', /exclude each other/],
		['retry --dry-run --yes -', /exclude each other/],
		['spawn -q mail', /needs the name of a task/],
		['spawn a', /needs one queue/],
		['spawn a -q mail -q agents', /needs one queue/],
		['spawn a -q mail --params {', /--params is not JSON/],
		['spawn a -q mail --max-attempts 0', /whole number/],
		['emit a b -q mail', /"b" is a second one/],
		['init --force', /no flag --force/],
	];
	test.each(wrong)('%s is wrong usage', (line, sentence) => {
		expect(() => readOptions(line.split(' '), {}, true)).toThrow(UsageError);
		expect(() => readOptions(line.split(' '), {}, true)).toThrow(sentence);
	});

	test('takes a database as its argument, or by -d where the arguments are its own', () => {
		const id = '01999999-0000-7000-8000-000000000001';
		for (const line of [
			'check jobs',
			'check -d jobs',
			'doctor jobs --json',
			`show ${id} -d jobs`,
			`retry ${id} -djobs`,
		])
			expect(readOptions(line.split(' '), {}, false), line).toMatchObject({
				kind: 'command',
				options: {database: 'jobs'},
			});
	});

	test.each(commands)('$name --help names every flag that it takes, and none that it does not', command => {
		const text = commandHelpText(command);
		expect(readOptions([command.name, '--help'], {}, true)).toEqual({kind: 'print', text});
		const known = new Set(command.groups.flatMap(({flags}) => flags.map(({key}) => flagName(key))));
		const named = new Set(text.match(/(?<=\s)--[a-z][a-z-]*/g));
		expect([...named].sort()).toEqual([...known].sort());
		expect(text.split('\n').filter(each => each.length > 100)).toEqual([]);
	});
});

describe('help', () => {
	test('is asked for by --help, not by -h', () => {
		expect(readOptions(['jobs', '--help'], {}, true)).toEqual({kind: 'print', text: helpText(commands)});
		expect(readOptions(['--version'], {}, true)).toMatchObject({kind: 'print'});
	});

	test('lists every flag that is accepted, and none that is not', () => {
		const known = flagGroups.flatMap(({flags}) => flags.map(({key}) => flagName(key)));
		const named = new Set(helpText(commands).match(/--[a-z][a-z-]*/g));
		expect([...named].sort()).toEqual([...known].sort());
	});

	test('fits 100 columns', () => {
		expect(
			helpText(commands)
				.split('\n')
				.filter(line => line.length > 100),
		).toEqual([]);
	});
});
