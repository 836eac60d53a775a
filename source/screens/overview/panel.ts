import type {Motion} from '../../components/cursor.ts';
import {
	hold,
	isOutOfOrder,
	type ListSpec,
	type ListState,
	listing,
	moveList,
	release,
	settleList,
	sortList,
} from '../../components/list.ts';
import {drawRow, drawTitles, placeTable, type TableSpec} from '../../components/table.ts';
import type {Claim, Failure, QueueSnapshot, TaskRef} from '../../monitor/snapshot.ts';
import {doingOf} from '../deeds.ts';
import {isMarked} from '../marks.ts';
import type {DrawContext} from '../screen.ts';
import {type CellContext, cellContext} from './context.ts';
import {type PanelPlace, rowsOf} from './layout.ts';

/** The row under the cursor. */
export type Selection =
	| {readonly kind: 'queue'; readonly queue: QueueSnapshot}
	| {readonly kind: 'claim'; readonly claim: Claim}
	| {readonly kind: 'failure'; readonly failure: Failure};

/** The task of a row; a queue's row has none. */
export function taskOf(row: Selection): TaskRef | undefined {
	return row.kind === 'claim' ? row.claim : row.kind === 'failure' ? row.failure : undefined;
}

/** What a panel shows: which rows of the Snapshot, and how. */
export interface PanelDefinition<Row> {
	readonly spec: TableSpec<Row, CellContext> & ListSpec<Row, CellContext>;
	/** The rows, of one queue alone where a person asked for that. */
	rows(context: DrawContext, queue: string | undefined): readonly Row[];
	select(row: Row): Selection;
	/** The task of a row; undefined where rows are no tasks. */
	readonly task?: (row: Row) => TaskRef;
}

/** What a panel is asked with. */
export interface PanelContext {
	readonly draw: DrawContext;
	/** Rows of this queue only. */
	readonly queue: string | undefined;
	readonly place: PanelPlace;
}

/** How much of a list is on screen. */
export interface Extent {
	/** Rows that pass the filters, and all there are. */
	readonly shown: number;
	readonly total: number;
	/** The first and last row in the window, counted from 1. */
	readonly first: number;
	readonly last: number;
	/** The held order is not the one that the rows would have now. */
	readonly outOfOrder: boolean;
}

/** A panel with the type of its rows hidden, so that the screen can treat all alike. */
export interface Panel {
	/** Rows in the window, under their titles; none when the list is empty. */
	draw(list: ListState, context: PanelContext, active: boolean): readonly string[];
	extent(list: ListState, context: PanelContext, active: boolean): Extent;
	settle(list: ListState, context: PanelContext, home: boolean): ListState;
	/** The cursor comes in: from now on the order is held. */
	enter(list: ListState, context: PanelContext): ListState;
	leave(list: ListState): ListState;
	move(list: ListState, motion: Motion, context: PanelContext): ListState;
	sort(list: ListState, change: 'next' | 'previous' | 'invert', context: PanelContext): ListState;
	selection(list: ListState, context: PanelContext): Selection | undefined;
	/** The tasks of every row that the list shows, in order, also beyond the window. */
	tasks(list: ListState, context: PanelContext): readonly TaskRef[];
	/** The rows that are in the window. */
	visible(list: ListState, context: PanelContext, active: boolean): readonly Selection[];
}

export function createPanel<Row>({spec, rows, select, task}: PanelDefinition<Row>): Panel {
	const all = ({draw, queue}: PanelContext) => rows(draw, queue);
	const shown = (list: ListState, context: PanelContext) =>
		listing(spec, list, all(context), cellContext(context.draw));
	// Where the cursor is elsewhere a list shows its beginning: the worst, the newest.
	const top = (list: ListState, active: boolean) => (active ? list.cursor.top : 0);
	const windowOf = (list: ListState, context: PanelContext, active: boolean) =>
		shown(list, context).rows.slice(top(list, active), top(list, active) + rowsOf(context.place));
	const settle = (list: ListState, context: PanelContext, home: boolean) =>
		settleList(spec, list, all(context), {context: cellContext(context.draw), height: rowsOf(context.place), home});
	const holding = (list: ListState, context: PanelContext) =>
		list.held === undefined ? hold(spec, list, all(context), cellContext(context.draw)) : list;

	return {
		draw(list, context, active) {
			const {width} = context.place;
			const {theme} = context.draw;
			const cells = cellContext(context.draw);
			const placed = placeTable(spec, width);
			const drawn = windowOf(list, context, active).map(row =>
				drawRow(spec, placed, row, {
					context: cells,
					width,
					theme,
					cursor: active && spec.id(row) === list.cursor.id,
					marked: isMarked(context.draw.marks, taskOf(select(row))),
					doing: doingOf(context.draw, taskOf(select(row))),
				}),
			);
			return drawn.length === 0 ? [] : [drawTitles(placed, width, list.sort, theme), ...drawn];
		},
		extent(list, context, active) {
			const {ids, rows: listed} = shown(list, context);
			return {
				shown: ids.length,
				total: all({...context, queue: undefined}).length,
				first: Math.min(ids.length, top(list, active) + 1),
				last: Math.min(ids.length, top(list, active) + rowsOf(context.place)),
				outOfOrder: list.held !== undefined && isOutOfOrder(spec, list, listed, cellContext(context.draw)),
			};
		},
		settle,
		enter: (list, context) => ({
			...settle(holding(list, context), context, list.cursor.id === undefined),
			note: undefined,
		}),
		leave: release,
		move: (list, motion, context) => {
			const held = holding(list, context);
			return moveList(held, shown(held, context).ids, motion, rowsOf(context.place));
		},
		sort: (list, change, context) => settle(holding(sortList(spec, list, change), context), context, false),
		selection(list, context) {
			const {rows: listed, ids} = shown(list, context);
			const {id, index} = list.cursor;
			// Nearly always it stands where it stood.
			const row = listed[ids[index] === id ? index : ids.indexOf(id ?? '')];
			return row === undefined || id === undefined ? undefined : select(row);
		},
		tasks: (list, context) => (task === undefined ? [] : shown(list, context).rows.map(task)),
		visible: (list, context, active) => windowOf(list, context, active).map(row => select(row)),
	};
}
