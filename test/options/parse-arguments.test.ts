import {expect, test} from 'vitest';
import type {Flag} from '../../source/flags.ts';
import {parseArguments} from '../../source/parse-arguments.ts';

const flags: readonly Flag[] = [
	{key: 'params', short: 'P', value: 'JSON', help: ''},
	{key: 'queue', short: 'q', value: 'QUEUE', multiple: true, help: ''},
	{key: 'dryRun', help: ''},
	{key: 'noColor', help: ''},
];

const texts = [
	'"hello"',
	"'hello'",
	'"',
	"'",
	'""',
	'{"a": [1, "b"]}',
	'90071992547409931',
	'1e3',
	'0x10',
	'true',
	'false',
	'null',
	' two words ',
	'a=b=c',
	'line\nbreak',
	'a.b.c',
	'__proto__',
	'ä😀',
];

test.each(texts)('the value %j arrives as it was typed, in every spelling', text => {
	for (const argv of [['--params', text], [`--params=${text}`], ['-P', text], [`-P${text}`]])
		expect(parseArguments(argv, flags).values.get('params'), JSON.stringify(argv)).toBe(text);
	expect(parseArguments(['-q', text, '-q', 'b'], flags).lists.get('queue')).toEqual([text, 'b']);
});

test.each(texts)('the argument %j arrives as it was typed', text => {
	expect(parseArguments(['first', text, '--dry-run'], flags)).toEqual({
		input: ['first', text],
		values: new Map(),
		lists: new Map(),
		switches: new Set(['dryRun']),
	});
});

test('after -- everything is an argument, and - is one', () => {
	expect(parseArguments(['-', '--', '--dry-run', '--', '-q'], flags).input).toEqual(['-', '--dry-run', '--', '-q']);
	expect(parseArguments(['--no-color', '--no-color'], flags).switches).toEqual(new Set(['noColor']));
});

test.each([
	['--color', /no flag --color\b/],
	['--no-dry-run', /no flag --no-dry-run/],
	['--dryRun', /no flag --dryRun/],
	['--dry-run=true', /--dry-run takes no value/],
	['-P', /-P needs a value \(JSON\)/],
	['--params=a -Pb', /-P is given twice/],
])('%s is wrong usage', (line, sentence) => {
	expect(() => parseArguments(line.split(' '), flags)).toThrow(sentence);
});
