import {fit} from '../terminal/fit.ts';
import type {Theme, Tone} from '../terminal/theme.ts';
import {type Column, gap, type Placed, placeColumns} from './column.ts';
import type {Sort} from './sort.ts';

/** A glyph before the first column that says what state a row is in, so that colour is never alone. */
export interface Marker {
	readonly glyph: string;
	readonly tone: Tone;
}

/** How rows of one kind are drawn. */
export interface TableSpec<Row, Context> {
	readonly columns: readonly Column<Row, Context>[];
	marker(row: Row, context: Context, theme: Theme): Marker;
	/** A sentence in place of all columns but the first: the row could not be read. */
	sentence?(row: Row, context: Context): {readonly text: string; readonly tone: Tone} | undefined;
	/** The figures are old. */
	dimmed?(row: Row, context: Context): boolean;
}

/** Cells before the first column: cursor, marker, mark. */
export const margin = 3;

/** The columns of a table in a window of `width` cells. */
export function placeTable<Row, Context>(
	spec: TableSpec<Row, Context>,
	width: number,
): readonly Placed<Row, Context>[] {
	return placeColumns(spec.columns, width - margin);
}

const between = ' '.repeat(gap);

/** The line of titles; the column that the table is sorted by carries an arrow. */
export function drawTitles<Row, Context>(
	placed: readonly Placed<Row, Context>[],
	width: number,
	sort: Sort | undefined,
	theme: Theme,
): string {
	const titles = placed.map(({column, width: cells}) => {
		const sorted = sort?.column === column.id;
		const title = sorted ? `${column.title}${sort.descending ? '▾' : '▴'}` : column.title;
		return fit(title, cells, {align: column.align, truncate: column.align === 'right' ? 'start' : 'end'});
	});
	return theme.paint.dim(fit(' '.repeat(margin) + titles.join(between), width));
}

/** What one row is drawn with. */
export interface RowContext<Context> {
	readonly context: Context;
	readonly width: number;
	readonly theme: Theme;
	/** The cursor is on it. */
	readonly cursor: boolean;
	/** A person has marked it. */
	readonly marked?: boolean;
	/** What is being done to it at the moment: `cancelling…`. */
	readonly doing?: string | undefined;
}

type Paint = (tone: Tone, text: string) => string;

/** One row as one padded string of `width` cells. */
export function drawRow<Row, Context>(
	spec: TableSpec<Row, Context>,
	placed: readonly Placed<Row, Context>[],
	row: Row,
	{context, width, theme, cursor, marked = false, doing}: RowContext<Context>,
): string {
	const marker = spec.marker(row, context, theme);
	const dimmed = spec.dimmed?.(row, context) ?? false;
	// The line under the cursor is inverse as a whole: colours inside it would not be readable everywhere.
	const paint: Paint = (tone, text) => (cursor ? text : theme.paint[tone === 'plain' && dimmed ? 'dim' : tone](text));
	const mark = marked ? paint('key', theme.glyph.marked) : ' ';
	const head = `${cursor ? theme.glyph.cursor : ' '}${paint(marker.tone, fit(marker.glyph, 1))}${mark}`;
	const sentence = spec.sentence?.(row, context);
	const body = drawBody(placed, row, {context, room: width - margin, paint, sentence, doing});
	return cursor ? theme.paint.cursor(head + body) : head + body;
}

interface BodyContext<Context> {
	readonly context: Context;
	readonly room: number;
	readonly paint: Paint;
	readonly sentence: {readonly text: string; readonly tone: Tone} | undefined;
	readonly doing: string | undefined;
}

function drawBody<Row, Context>(
	placed: readonly Placed<Row, Context>[],
	row: Row,
	{context, room, paint, sentence, doing}: BodyContext<Context>,
): string {
	const shown = sentence === undefined ? placed : placed.slice(0, 1);
	const rest = room - cellsOf(shown);
	const drawn = drawCells(doing === undefined ? shown : telling(shown, doing), row, context, paint);
	return sentence === undefined || rest <= gap
		? drawn + ' '.repeat(Math.max(0, rest))
		: drawn + between + paint(sentence.tone, fit(sentence.text, rest - gap));
}

function cellsOf(placed: readonly {readonly width: number}[]): number {
	return placed.reduce((sum, {width}) => sum + width, 0) + gap * Math.max(0, placed.length - 1);
}

/** Cells that say what is being done need at least. */
const doingWidth = 11;

/** The same columns, with a word in the place of the last wide one: what a row says of itself is about to change. */
function telling<Row, Context>(placed: readonly Placed<Row, Context>[], word: string): readonly Placed<Row, Context>[] {
	const wide = placed.findLastIndex(({width}, index) => index > 0 && width >= doingWidth);
	const place = wide === -1 ? placed.length - 1 : wide;
	return placed.map((each, index) =>
		index === place
			? {...each, column: {...each.column, align: 'left', text: () => word, tone: () => 'warning' as const}}
			: each,
	);
}

function drawCells<Row, Context>(
	placed: readonly Placed<Row, Context>[],
	row: Row,
	context: Context,
	paint: Paint,
): string {
	return placed
		.map(({column, width}) =>
			paint(
				column.tone?.(row, context) ?? 'plain',
				fit(column.text(row, context, width), width, {align: column.align, truncate: column.truncate ?? 'end'}),
			),
		)
		.join(between);
}
