import {expect, test} from 'vitest';
import {firstRows} from '../../source/monitor/first-rows.ts';
import {random} from '../support/queue-rows.ts';

interface Row {
	readonly at: number;
	readonly id: number;
}

const byId = (a: Row, b: Row) => a.id - b.id;

test.each([
	['few', 3, 20],
	['as many as are wanted', 10, 10],
	['many more, with equal values', 40, 50],
])('the first rows of lists with %s are those of a full sort', (_how, lists, each) => {
	const next = random(lists);
	let id = 0;
	const all = Array.from({length: lists}, () =>
		Array.from({length: each}, (): Row => ({at: Math.floor(next() * 90) - 30, id: id++})),
	);
	const sorted = all.flat().sort((a, b) => a.at - b.at || byId(a, b));
	const first = firstRows(all, 100, row => row.at, byId);
	expect(first).toEqual(sorted.slice(0, 100));
	expect(firstRows([], 100, (row: Row) => row.at, byId)).toEqual([]);
});
