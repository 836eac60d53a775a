import {expect, test} from 'vitest';
import {remember} from '../../source/terminal/remember.ts';

test('the same question is answered once, others by themselves, and what is kept has an end', () => {
	let asked = 0;
	const twice = remember((text, variant) => {
		asked++;
		return `${variant}:${text}${text}`;
	});
	expect([twice('a', '1'), twice('a', '1'), twice('a', '2'), twice('1 a', ''), twice(' a', '1')]).toEqual([
		'1:aa',
		'1:aa',
		'2:aa',
		':1 a1 a',
		'1: a a',
	]);
	expect(asked).toBe(4);
	for (let index = 0; index < 5000; index++) expect(twice(String(index), 'x')).toBe(`x:${index}${index}`);
	asked = 0;
	const long = '表'.repeat(1000);
	expect([twice(long, ''), twice(long, ''), twice('4999', 'x')]).toEqual([
		`:${long}${long}`,
		`:${long}${long}`,
		'x:49994999',
	]);
	expect(asked).toBe(2);
});
