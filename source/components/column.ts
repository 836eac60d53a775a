import type {Tone} from '../terminal/theme.ts';
import type {SortValue} from './sort.ts';

/** A column is data: the table draws it, sorts by it and drops it where the window is narrow. */
export interface Column<Row, Context> {
	readonly id: string;
	readonly title: string;
	/** Cells it needs at least. */
	readonly width: number;
	/** Takes part in what is left over with this weight, up to `max` cells. */
	readonly grow?: number;
	readonly max?: number;
	readonly align: 'left' | 'right';
	/** Its place in the order of leaving when the window is narrow: 1 leaves first; undefined = never leaves. */
	readonly leaves?: number;
	readonly truncate?: 'end' | 'start' | 'middle';
	/** Where it is cut or has left, a line under the table tells it whole for the row under the cursor. */
	readonly told?: boolean;
	/** Raw text; the table makes it safe and fits it. */
	text(row: Row, context: Context, width: number): string;
	tone?(row: Row, context: Context): Tone;
	/** undefined = cannot be sorted by. */
	readonly sort: ((row: Row, context: Context) => SortValue) | undefined;
}

/** A column with the width that it got. */
export interface Placed<Row, Context> {
	readonly column: Column<Row, Context>;
	readonly width: number;
}

/** Cells between two columns. */
export const gap = 1;

function needed(columns: readonly {readonly width: number}[]): number {
	return columns.reduce((sum, column) => sum + column.width, 0) + gap * Math.max(0, columns.length - 1);
}

function droppedToFit<Row, Context>(
	columns: readonly Column<Row, Context>[],
	width: number,
): readonly Column<Row, Context>[] {
	const leaving = columns
		.filter(column => column.leaves !== undefined)
		.sort((first, second) => (first.leaves ?? 0) - (second.leaves ?? 0));
	let kept = columns;
	for (const column of leaving) {
		if (needed(kept) <= width) {
			break;
		}

		kept = kept.filter(other => other !== column);
	}

	return kept;
}

/**
 * Which columns are shown in `width` cells and how wide each is: columns leave in their fixed order until the rest fits,
 * then the growing ones share what is left. Where even those that never leave do not fit, the last of them shrink.
 */
export function placeColumns<Row, Context>(
	columns: readonly Column<Row, Context>[],
	width: number,
): readonly Placed<Row, Context>[] {
	const kept = droppedToFit(columns, width);
	const widths = kept.map(column => column.width);
	grow(kept, widths, width - needed(kept));
	let room = width;
	const placed: Placed<Row, Context>[] = [];
	for (const [index, column] of kept.entries()) {
		const given = Math.min(widths[index] ?? 0, room);
		if (given > 0) {
			placed.push({column, width: given});
		}

		room -= given + gap;
	}

	return placed;
}

/** Shares `spare` cells among the growing columns by weight, cell by cell so that nothing is lost to rounding. */
function grow(columns: readonly GrowingColumn[], widths: number[], spare: number): void {
	let left = spare;
	while (left > 0) {
		const open = [...columns.entries()].filter(
			([index, column]) => (column.grow ?? 0) > 0 && (widths[index] ?? 0) < (column.max ?? Number.POSITIVE_INFINITY),
		);
		if (open.length === 0) {
			return;
		}

		const weights = open.reduce((sum, [, column]) => sum + (column.grow ?? 0), 0);
		const round = left;
		for (const [index, column] of open) {
			const share = Math.max(1, Math.floor((round * (column.grow ?? 0)) / weights));
			const wide = widths[index] ?? 0;
			const taken = Math.min(share, left, (column.max ?? Number.POSITIVE_INFINITY) - wide);
			widths[index] = wide + taken;
			left -= taken;
		}
	}
}

interface GrowingColumn {
	readonly grow?: number;
	readonly max?: number;
}
