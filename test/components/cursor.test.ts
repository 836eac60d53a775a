import {expect, test} from 'vitest';
import {homeCursor, type Motion, moveCursor, placeCursor, settleCursor} from '../../source/components/cursor.ts';

const ids = Array.from({length: 100}, (_, index) => `row-${index}`);

/** A cursor on a row, as the motions leave it. */
function on(index: number, height = 10) {
	return placeCursor(settleCursor(homeCursor, ids, height).cursor, ids, `row-${index}`, height);
}

test('without a row it goes to the first', () => {
	expect(settleCursor(homeCursor, ids, 10)).toEqual({cursor: {id: 'row-0', index: 0, top: 0}, lost: false});
	expect(settleCursor(homeCursor, [], 10)).toEqual({cursor: homeCursor, lost: false});
});

test('it stays on its id when the rows are shuffled, and the window follows it', () => {
	const shuffled = [...ids].reverse();
	const {cursor, lost} = settleCursor(on(3), shuffled, 10);
	expect(lost).toBe(false);
	expect(cursor.id).toBe('row-3');
	expect(shuffled.slice(cursor.top, cursor.top + 10)).toContain('row-3');
});

test('when its row is gone it goes to the neighbour that took the place, and tells', () => {
	const {cursor, lost} = settleCursor(
		on(40),
		ids.filter(id => id !== 'row-40'),
		10,
	);
	expect(cursor).toMatchObject({id: 'row-41', index: 40});
	expect(lost).toBe(true);
	const last = settleCursor(on(99), ids.slice(0, -1), 10);
	expect(last.cursor.id).toBe('row-98');
	expect(settleCursor(on(3), [], 10)).toEqual({cursor: homeCursor, lost: true});
});

test.each<[Motion, number, number]>([
	['down', 5, 6],
	['up', 5, 4],
	['up', 0, 0],
	['down', 99, 99],
	['page-down', 5, 14],
	['page-up', 50, 41],
	['half-down', 5, 10],
	['half-up', 50, 45],
	['top', 50, 0],
	['bottom', 50, 99],
])('%s from %i goes to %i and stays in the window', (motion, from, to) => {
	const moved = moveCursor(on(from), ids, motion, 10);
	expect(moved.id).toBe(`row-${to}`);
	expect(moved.top).toBeLessThanOrEqual(to);
	expect(moved.top + 10).toBeGreaterThan(to);
});

test('a window that grew shows no emptiness below the last row', () => {
	const {cursor} = settleCursor(on(99, 10), ids, 40);
	expect(cursor.top).toBe(60);
});
