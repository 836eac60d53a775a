import {describe, expect, it} from 'vitest';
import {createFilterBook} from '../../../source/monitor/filter/book.ts';
import {completeFilter, writeValue} from '../../../source/monitor/filter/complete.ts';
import {matches, unknownTerm} from '../../../source/monitor/filter/match.ts';
import {parseFilter} from '../../../source/monitor/filter/parse.ts';
import {filterSnapshot, rowKeys} from '../../../source/monitor/filter/rows.ts';
import {snapshot} from '../../support/fixture.ts';

const row = {
	values: {
		state: 'failed',
		name: 'send-invoice',
		queue: 'Mail',
		age: 700_000,
		attempts: 3,
		worker: 'w-7:311',
		error: 'TimeoutError: 100%_done*',
		id: ['019a9b1c-0000-7000-8000-00000f24ab5c', '019a9b1d-0000-7000-8000-0000000000aa'],
	},
	texts: ['send-invoice', 'Mail', 'w-7:311', 'TimeoutError: 100%_done*'],
};

describe('a row in memory', () => {
	it.each([
		['', true],
		['state:failed', true],
		['state:running,failed', true],
		['!state:failed', false],
		['state:running', false],
		['name:send-*', true],
		['name:*invoice', true],
		['name:s*d-*v*ce', true],
		['name:send', false],
		['name:SEND-INVOICE', true],
		['name=send-*', false],
		['queue:mail', true],
		['age>10m', true],
		['age<10m', false],
		['!age<10m', true],
		['attempts>=3', true],
		['attempts>3', false],
		['attempts:3', true],
		['worker:w-7', true],
		['worker:w-7:3', true],
		['worker=w-7', false],
		['worker:7', false],
		['error:timeout', true],
		['error:100%_d', true],
		['error:"done*"', true],
		['error:time*done', true],
		['error:"1*0"', false],
		['id:019a', true],
		['id:24ab5c', true],
		['id:…24ab5c', true],
		['id:019a9b1c-0000-7000-8000-00000f24ab5c', true],
		['id:0000aa', true],
		['id:ffff', false],
		['INVOICE w-7', true],
		['invoice nothing', false],
		['!noise', true],
		['name:a*a', false],
		// What this kind of row does not have holds of none of them.
		['key:x', false],
		['!key:x', true],
		['params.a:1', false],
	])('%j', (text, passes) => {
		expect(matches(parseFilter(text), row)).toBe(passes);
	});

	it('names the term that asks for what the rows do not have', () => {
		expect(unknownTerm(parseFilter('name:a error:x'), rowKeys.claims)).toMatchObject({asks: 'error', from: 7});
		expect(unknownTerm(parseFilter('params.a:1'), rowKeys.failures)).toMatchObject({asks: 'params'});
		expect(unknownTerm(parseFilter('plain words'), rowKeys.queues)).toBeUndefined();
	});
});

describe('a Snapshot', () => {
	it('keeps what passes; queues only by queue:', () => {
		const queue = snapshot.failures[0]?.queue ?? '';
		const shown = filterSnapshot(snapshot, parseFilter(`queue:${queue} attempts>=1`));
		expect(shown.queues.map(({name}) => name)).toEqual([queue]);
		expect(shown.failures).toEqual(snapshot.failures.filter(failure => failure.queue === queue));
		expect(shown.claims).toEqual(snapshot.claims.filter(claim => claim.queue === queue));
		expect(shown.claimCount?.value).toBe(shown.claims.length);
		expect(filterSnapshot(snapshot, parseFilter('')).failures).toEqual(snapshot.failures);
	});
});

describe('completion', () => {
	const vocabulary = {queue: ['mail', 'my "own" queue'], worker: ['w-7:311']};

	it.each([
		['st', ['state:']],
		['!st', ['!state:']],
		['mail a', ['age>', 'attempts>']],
		['state:f', ['state:failed']],
		['state:failed,r', ['state:failed,running']],
		['queue:', ['queue:mail', 'queue:"my \\"own\\" queue"']],
		['worker:311', ['worker:w-7:311']],
		['age>1', ['age>1m', 'age>10m', 'age>1h', 'age>1d']],
		['nothing-like-it', []],
		['name:"st', []],
	])('%j', (text, options) => {
		expect(completeFilter(text, text.length, vocabulary).options).toEqual(options);
	});

	it('takes the place of the term before the caret only', () => {
		expect(completeFilter('a st name:b', 4, {})).toEqual({from: 2, to: 4, options: ['state:']});
	});

	it('writes values so that they are read back as they are', () => {
		for (const value of ['a b', 'a"b', 'a\\b', 'a,b', 'a*b', 'plain', '日本 語']) {
			const [term] = parseFilter(`name:${writeValue(value)}`).terms;
			expect(term?.wish).toEqual({kind: 'text', key: 'name', patterns: [{pieces: [value], whole: false}]});
		}
	});
});

describe('history', () => {
	it('has the newest first, none twice, saved ones behind', () => {
		const book = createFilterBook([{name: 'stuck', filter: 'age>1h'}]);
		for (const filter of ['a', ' ', 'b', 'a']) book.remember(filter);
		expect(book.recent()).toEqual(['a', 'b', 'age>1h']);
	});
});
