import {expect, test} from 'vitest';
import type {Column} from '../../source/components/column.ts';
import {
	emptyList,
	hold,
	type ListSpec,
	listing,
	moveList,
	release,
	settleList,
	sortList,
} from '../../source/components/list.ts';

interface Row {
	readonly id: string;
	readonly score: number | undefined;
}

const column: Column<Row, undefined> = {
	id: 'score',
	title: 'score',
	width: 5,
	align: 'right',
	text: row => String(row.score),
	sort: row => row.score,
};

const spec: ListSpec<Row, undefined> = {
	columns: [column, {...column, id: 'plain', sort: undefined}],
	id: row => row.id,
	compare: (first, second) => (first.id < second.id ? -1 : 1),
	texts: row => [row.id],
	gone: id => `${id} is gone`,
};

function rows(count: number, score: (index: number) => number | undefined = index => index): readonly Row[] {
	return Array.from({length: count}, (_, index) => ({
		id: `row-${String(index).padStart(3, '0')}`,
		score: score(index),
	}));
}

const settling = {context: undefined, height: 10, home: false};

/** A repeatable shuffle. */
function shuffled(input: readonly Row[], seed: number): readonly Row[] {
	const result = [...input];
	let state = seed;
	for (let index = result.length - 1; index > 0; index--) {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
		const other = state % (index + 1);
		const row = result[index];
		const swapped = result[other];
		if (row !== undefined && swapped !== undefined) {
			result[index] = swapped;
			result[other] = row;
		}
	}

	return result;
}

test('two hundred rows that come in another order each tick: neither the rows nor the cursor move while it is held', () => {
	const sorted = {...emptyList, sort: {column: 'score', descending: true}};
	let list = settleList(spec, hold(spec, sorted, rows(200), undefined), rows(200), settling);
	list = moveList(list, listing(spec, list, rows(200), undefined).ids, 'page-down', 10);
	const before = listing(spec, list, rows(200), undefined).ids;
	const {id, top} = list.cursor;
	for (let tick = 1; tick <= 50; tick++) {
		const changed = shuffled(
			rows(200, index => Math.imul(index + tick, 7919) % 101),
			tick,
		);
		list = settleList(spec, list, changed, settling);
		expect(list.cursor).toMatchObject({id, top});
		expect(list.note).toBeUndefined();
		expect(listing(spec, list, changed, undefined).ids).toEqual(before);
	}
});

test('without holding the order is live, and undefined stands last in both directions', () => {
	const some = rows(3, index => (index === 1 ? undefined : index));
	const down = sortList(spec, emptyList, 'next');
	expect(down.sort).toEqual({column: 'score', descending: true});
	expect(listing(spec, down, some, undefined).ids).toEqual(['row-002', 'row-000', 'row-001']);
	const up = sortList(spec, down, 'invert');
	expect(listing(spec, up, some, undefined).ids).toEqual(['row-000', 'row-002', 'row-001']);
	expect(sortList(spec, down, 'next').sort).toBeUndefined();
	expect(sortList(spec, emptyList, 'previous').sort).toEqual({column: 'score', descending: true});
});

test('new rows come last while the order is held and take their place when it is released', () => {
	const held = hold(spec, emptyList, rows(5).slice(1), undefined);
	expect(listing(spec, held, rows(5), undefined).ids[4]).toBe('row-000');
	expect(listing(spec, release(held), rows(5), undefined).ids[0]).toBe('row-000');
});

test('a row that vanished is named, one that the filter hides is not', () => {
	let list = settleList(spec, hold(spec, emptyList, rows(5), undefined), rows(5), settling);
	list = settleList(spec, list, rows(5).slice(1), settling);
	expect(list).toMatchObject({note: 'row-000 is gone', cursor: {id: 'row-001'}});
	const filtered = settleList(spec, {...list, note: undefined, filter: 'ROW-003'}, rows(5).slice(1), settling);
	expect(filtered).toMatchObject({note: undefined, cursor: {id: 'row-003'}});
	expect(moveList(list, ['row-001'], 'down', 10).note).toBeUndefined();
});
