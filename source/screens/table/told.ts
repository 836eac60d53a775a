import {drawText} from '../../components/line.ts';
import type {ListSpec} from '../../components/list.ts';
import {placeTable, type TableSpec} from '../../components/table.ts';
import {clip, measure} from '../../terminal/fit.ts';
import type {DrawContext} from '../screen.ts';

/** Rows that are looked at, and cells of a text: beyond these it is cut anyway. */
const mostRows = 300;
const longest = 400;

/**
 * The texts of the row under the cursor that its columns have no room for, as a line under the table; empty where all
 * fit there, undefined where they fit in every row, so that the table does not change its height under the cursor.
 */
export function toldLine<Row>(
	spec: TableSpec<Row, DrawContext> & ListSpec<Row, DrawContext>,
	rows: readonly Row[],
	cursor: string | undefined,
	context: DrawContext,
): string | undefined {
	const {width, theme} = context;
	const columns = spec.columns.filter(({told}) => told === true);
	if (columns.length === 0) return undefined;
	const cells = new Map(placeTable(spec, width).map(({column, width: given}) => [column.id, given]));
	const cutOf = (row: Row) =>
		columns.flatMap(column => {
			const text = clip(column.text(row, context, longest), longest);
			return measure(text) > (cells.get(column.id) ?? 0) ? [`${column.title}: ${text}`] : [];
		});
	if (!rows.slice(0, mostRows).some(row => cutOf(row).length > 0)) return undefined;
	const current = rows.find(row => spec.id(row) === cursor);
	return drawText(` ${current === undefined ? '' : cutOf(current).join('   ')}`, width, 'plain', theme);
}
