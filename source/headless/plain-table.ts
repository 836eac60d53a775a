import {clip, fit, measure} from '../terminal/fit.ts';

/** A column of a plain table: as wide as its longest cell, but not wider than `max` cells. */
export interface PlainColumn<Row> {
	readonly title: string;
	readonly align?: 'left' | 'right';
	/** Cells; longer texts are cut. */
	readonly max: number;
	/** May hold anything: it is made harmless here. */
	readonly text: (row: Row) => string;
}

const gap = '  ';

/** An aligned table with a line of titles. Every text becomes harmless; no line ends in blanks. */
export function plainTable<Row>(columns: readonly PlainColumn<Row>[], rows: readonly Row[]): string[] {
	const cells = rows.map(row => columns.map(({text, max}) => clip(text(row), max)));
	const widths = columns.map(({title}, index) =>
		Math.max(measure(title), ...cells.map(row => measure(row[index] ?? ''))),
	);
	const draw = (row: readonly string[]) =>
		columns
			.map(({align = 'left'}, index) => fit(row[index] ?? '', widths[index] ?? 0, {align}))
			.join(gap)
			.trimEnd();
	return [draw(columns.map(({title}) => title)), ...cells.map(draw)];
}
