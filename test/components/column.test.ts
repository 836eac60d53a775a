import {expect, test} from 'vitest';
import {type Column, placeColumns} from '../../source/components/column.ts';
import {claimTable} from '../../source/screens/overview/claims.ts';
import {failureTable} from '../../source/screens/overview/failures.ts';
import {queueTable} from '../../source/screens/overview/queues.ts';

function idsAt(columns: readonly Column<never, never>[], width: number): readonly string[] {
	return placeColumns(columns, width).map(({column}) => column.id);
}

/** The order in which columns leave while the window shrinks cell by cell. */
function leaving<Row, Context>(columns: readonly Column<Row, Context>[]): readonly string[] {
	const gone: string[] = [];
	let shown = placeColumns(columns, 400).map(({column}) => column.id);
	for (let width = 400; width >= 1; width--) {
		const now = placeColumns(columns, width).map(({column}) => column.id);
		gone.push(...shown.filter(id => !now.includes(id)));
		shown = now;
	}

	return gone;
}

test('columns of queues leave in the fixed order', () => {
	expect(leaving(queueTable.columns).slice(0, 8)).toEqual([
		'history',
		'p50',
		'drains',
		'trend',
		'sleeping',
		'waiting',
		'retrying',
		'p95',
	]);
});

test.each([
	['queues', queueTable.columns],
	['claims', claimTable.columns],
	['failures', failureTable.columns],
] as const)('columns of %s fill the width and never more', (_name, columns) => {
	const plain: readonly Column<never, never>[] = columns;
	for (let width = 1; width <= 300; width++) {
		const placed = placeColumns(plain, width);
		const cells = placed.reduce((sum, column) => sum + column.width, 0) + Math.max(0, placed.length - 1);
		expect(cells).toBeLessThanOrEqual(width);
		expect(placed.length).toBeGreaterThan(0);
	}
});

test('the columns that matter stay in the narrowest window that is supported', () => {
	expect(idsAt(queueTable.columns, 57)).toEqual(['queue', 'ready', 'oldest', 'running', 'fail', 'done', 'p95']);
	expect(idsAt(claimTable.columns, 57)).toEqual(expect.arrayContaining(['task', 'id', 'queue', 'attempt', 'lease']));
	expect(idsAt(failureTable.columns, 57)).toEqual(['when', 'task', 'queue', 'attempt', 'error']);
});
