import {describe, expect, it} from 'vitest';
import {parseFilter} from '../../../source/monitor/filter/parse.ts';

/** The terms as short texts, for tables. */
function read(text: string): readonly string[] {
	const {terms, error} = parseFilter(text);
	const shown = terms.map(({negated, wish}) => {
		const bang = negated ? 'not ' : '';
		if (wish.kind === 'word') return `${bang}word ${wish.text}`;
		if (wish.kind === 'number' || wish.kind === 'age') return `${bang}${wish.key} ${wish.comparison} ${wish.value}`;
		const key = wish.kind === 'path' ? [wish.document, ...wish.path].join('/') : wish.key;
		const patterns = wish.patterns.map(({pieces, whole}) => (whole ? '=' : '') + pieces.join('<any>'));
		return `${bang}${key} ${patterns.join(' or ')}`;
	});
	return error === undefined ? shown : [...shown, `error ${error.from}-${error.to}: ${error.sentence}`];
}

describe('the filter language', () => {
	it('reads every kind of term of the manual, free text last', () => {
		expect(
			read(
				'state:failed name:send-* queue:mail age>10m attempts>=3 worker:w-7 error:timeout id:0199 params.user.id:42 headers.tenant_id:acme key:order-7 !name:noise out of paper',
			),
		).toEqual([
			'state failed',
			'name send-<any>',
			'queue mail',
			'age > 600000',
			'attempts >= 3',
			'worker w-7',
			'error timeout',
			'id 0199',
			'params/user/id 42',
			'headers/tenant_id acme',
			'key order-7',
			'not name noise',
			'word out',
			'word of',
			'word paper',
		]);
	});

	it.each([
		['', []],
		['   ', []],
		['"two words"', ['word two words']],
		['!"two words"', ['not word two words']],
		['error:"a \\"b\\" c"', ['error a "b" c']],
		['name:"a*b"', ['name a*b']],
		['name:a"*"b*', ['name a*b<any>']],
		['state:failed,running', ['state failed or running']],
		['name:"a,b",c', ['name a,b or c']],
		['key=a*,b', ['key =a*,b']],
		['attempts:3', ['attempts = 3']],
		['AGE<1h30m', ['age < 5400000']],
		['age>=1.5s', ['age >= 1500']],
		['task:x attempt>1', ['name x', 'attempts > 1']],
		// No key has a dash or a digit in front of the colon: names of workers are words.
		['w-7:311', ['word w-7:311']],
		['12:30', ['word 12:30']],
		['params.items.0.sku-1:x', ['params/items/0/sku-1 x']],
		['größe:7 日本', ['word größe:7', 'word 日本']],
		['name:été 🚀', ['name été', 'word 🚀']],
	])('%j', (text, terms) => {
		expect(read(text)).toEqual(terms);
	});

	it.each([
		['stat:failed', 'error 0-4: There is no key stat. Did you mean state?'],
		['mail nmae:x', 'error 5-9: There is no key nmae. Did you mean name?'],
		['xyzzy:1', 'error 0-5: There is no key xyzzy. Keys are'],
		['constructor:1', 'There is no key constructor.'],
		['__proto__:1', 'There is no key __proto__.'],
		['state:faild', 'error 6-11: There is no state faild; did you mean failed?'],
		['state:', 'What state should it have?'],
		['!', 'error 0-1: Nothing follows the !.'],
		['name:"open', 'error 5-10: This quote is not closed'],
		['age:10m', 'age is compared'],
		['age>10', 'age wants a number and a unit'],
		['age>soon', 'age wants a number and a unit'],
		['attempts>many', 'attempts wants a whole number'],
		['attempts:3,4', 'attempts wants a whole number'],
		['name>x', 'name is a text'],
		['params:x', 'params wants a path'],
		['params..x:1', 'params wants a path'],
		['params.a>1', 'compared as texts'],
		['name:a\u0000b', 'error 6-7: Control characters'],
		['\u001b[31m', 'error 0-1: Control characters'],
		['\ud800', 'Control characters'],
		['x'.repeat(1001), 'at most 1000 characters'],
		['a '.repeat(31), 'at most 30 terms'],
	])('says what is wrong with %j, and where', (text, sentence) => {
		expect(read(text).at(-1)).toContain(sentence);
	});

	it('keeps the terms around an error, so that a list stays narrowed while one is typed', () => {
		expect(read('queue:mail stat:x name:a').slice(0, 2)).toEqual(['queue mail', 'name a']);
	});

	it('never throws, and every span lies inside of the text', () => {
		// A fixed generator: what fails once fails again.
		let seed = 7;
		const random = (below: number) => {
			seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
			return Math.floor((seed / 2_147_483_648) * below);
		};
		const pieces = [
			'state',
			'age',
			':',
			'>=',
			'<',
			'!',
			'"',
			'\\',
			'*',
			',',
			' ',
			'params',
			'.',
			'é',
			'\u202e',
			'10m',
			'\n',
			'𝔘',
		];
		for (let round = 0; round < 3000; round++) {
			const text = Array.from({length: random(12)}, () => pieces[random(pieces.length)]).join('');
			const {terms, error} = parseFilter(text);
			for (const {from, to} of [...terms, ...(error === undefined ? [] : [error])]) {
				expect(from, text).toBeGreaterThanOrEqual(0);
				expect(to, text).toBeGreaterThanOrEqual(from);
				expect(to, text).toBeLessThanOrEqual(text.length);
			}
		}
	});
});
