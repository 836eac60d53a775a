import {expect, test} from 'vitest';
import {emptyList, hold, isOutOfOrder, type ListSpec, listing, settleList} from '../../source/components/list.ts';
import {createListMemory} from '../../source/components/list-memory.ts';
import {random} from '../support/queue-rows.ts';

interface Row {
	readonly id: string;
	readonly at: number;
}

interface Context {
	readonly now: number;
}

/** Rows that are overdue stand first: the order hangs on the moment. */
const plain: ListSpec<Row, Context> = {
	columns: [
		{id: 'at', title: 'at', width: 5, align: 'right', text: row => String(row.at), sort: row => row.at},
		{id: 'id', title: 'id', width: 5, align: 'left', text: row => row.id, sort: row => row.id},
	],
	id: row => row.id,
	compare: (first, second, {now}) =>
		Number(second.at < now) - Number(first.at < now) || (first.id < second.id ? -1 : 1),
	texts: row => [row.id],
	gone: id => `${id} is gone`,
};

test('a list that remembers says what one that does not says, whatever changes between two questions', () => {
	const next = random(11);
	let asked = 0;
	const counting: ListSpec<Row, Context> = {
		...plain,
		compare(first, second, context) {
			asked++;
			return plain.compare(first, second, context);
		},
		memory: createListMemory(({now}) => now),
	};
	const make = (count: number): readonly Row[] =>
		Array.from({length: count}, (_, index) => ({id: `r${index}`, at: Math.floor(next() * 100)}));
	let rows = make(60);
	let context: Context = {now: 50};
	let state = emptyList;
	const sorts = [undefined, {column: 'at', descending: true}, {column: 'at', descending: false}];
	const changes: readonly (() => void)[] = [
		() => {
			rows = make(40 + Math.floor(next() * 40));
		},
		() => {
			context = {now: Math.floor(next() * 100)};
		},
		() => {
			state = {...state, sort: sorts[Math.floor(next() * sorts.length)]};
		},
		() => {
			state = {...state, filter: state.filter === '' ? 'r1' : ''};
		},
		() => {
			state = {...state, held: undefined};
		},
		() => {
			state = hold(plain, state, rows, context);
		},
	];
	for (let step = 0; step < 300; step++) {
		const change = Math.floor(next() * 7);
		changes[change]?.();
		expect(listing(counting, state, rows, context)).toEqual(listing(plain, state, rows, context));
		const options = {context, height: 10, home: next() < 0.3};
		const settled = settleList(counting, state, rows, options);
		expect(settled).toEqual(settleList(plain, state, rows, options));
		const {rows: shown} = listing(plain, state, rows, context);
		expect(isOutOfOrder(counting, state, shown, context)).toBe(isOutOfOrder(plain, state, shown, context));
	}
	listing(counting, state, rows, context);
	asked = 0;
	for (let again = 0; again < 20; again++) {
		listing(counting, state, rows, {...context});
		hold(counting, state, rows, context);
	}
	expect(asked).toBe(0);
});

test('holding an order that is held already changes nothing', () => {
	const rows = [
		{id: 'b', at: 1},
		{id: 'a', at: 2},
	];
	const held = hold(plain, emptyList, rows, {now: 0});
	expect(held.held).toEqual(['a', 'b']);
	expect(hold(plain, held, rows, {now: 5})).toBe(held);
});
