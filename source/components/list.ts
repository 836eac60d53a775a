import {type FilterValues, matches} from '../monitor/filter/match.ts';
import {parseFilter} from '../monitor/filter/parse.ts';
import type {Filter} from '../monitor/filter/syntax.ts';
import type {Column} from './column.ts';
import {type Cursor, homeCursor, type Motion, moveCursor, placeCursor, settleCursor} from './cursor.ts';
import type {Listing, ListMemory} from './list-memory.ts';
import {compareSorted, invertSort, nextSort, type Sort} from './sort.ts';

/** What a list that a person walks through keeps between frames: ids and wishes, never data. */
export interface ListState {
	readonly cursor: Cursor;
	/** The order of ids while the cursor is in the list, so that no row moves under it; undefined = live order. */
	readonly held: readonly string[] | undefined;
	readonly sort: Sort | undefined;
	/** Only rows that pass this filter, in the language of `monitor/filter/`. */
	readonly filter: string;
	/** What happened to the row under the cursor, until the next key. */
	readonly note: string | undefined;
}

export const emptyList: ListState = {
	cursor: homeCursor,
	held: undefined,
	sort: undefined,
	filter: '',
	note: undefined,
};

/** How the rows of a list are named, ordered and found. */
export interface ListSpec<Row, Context> {
	readonly columns: readonly Column<Row, Context>[];
	id(row: Row): string;
	/** The order that the screen gives by itself. */
	compare(first: Row, second: Row, context: Context): number;
	/** Texts that plain words of the filter look into. */
	texts(row: Row): readonly string[];
	/** What the row says under the keys of the filter language; without it only plain words find anything. */
	values?(row: Row, context: Context): FilterValues;
	/** Names a row that went away: `queue mail`. */
	gone(row: string): string;
	/** Where there may be thousands of rows: what was worked out last. */
	readonly memory?: ListMemory<Row, Context>;
}

export type {Listing} from './list-memory.ts';

function comparator<Row, Context>(spec: ListSpec<Row, Context>, sort: Sort | undefined, context: Context) {
	const value = spec.columns.find(column => column.id === sort?.column)?.sort;
	return (first: Row, second: Row): number => {
		const sorted =
			sort === undefined || value === undefined
				? 0
				: compareSorted(value(first, context), value(second, context), sort.descending);
		return sorted === 0 ? spec.compare(first, second, context) : sorted;
	};
}

/** All rows in the order that the list has now: the held order, new rows behind it. */
function ordered<Row, Context>(
	spec: ListSpec<Row, Context>,
	state: ListState,
	rows: readonly Row[],
	context: Context,
): Listing<Row> {
	const {memory} = spec;
	const make = () => withIds(spec, inOrder(spec, state, rows, context));
	return memory?.all([rows, state.held, state.sort, memory.moment(context)], make) ?? make();
}

function withIds<Row, Context>(spec: ListSpec<Row, Context>, rows: readonly Row[]): Listing<Row> {
	return {rows, ids: rows.map(row => spec.id(row))};
}

function inOrder<Row, Context>(
	spec: ListSpec<Row, Context>,
	state: ListState,
	rows: readonly Row[],
	context: Context,
): readonly Row[] {
	const compare = comparator(spec, state.sort, context);
	if (state.held === undefined) {
		return [...rows].sort(compare);
	}

	const left = new Map(rows.map(row => [spec.id(row), row]));
	const held: Row[] = [];
	for (const id of state.held) {
		const row = left.get(id);
		if (row !== undefined) {
			held.push(row);
			left.delete(id);
		}
	}

	return [...held, ...[...left.values()].sort(compare)];
}

/** Whether rows would stand in another order were it not held. */
export function isOutOfOrder<Row, Context>(
	spec: ListSpec<Row, Context>,
	state: ListState,
	rows: readonly Row[],
	context: Context,
): boolean {
	const compare = comparator(spec, state.sort, context);
	const look = () =>
		rows.some((row, index) => {
			const before = rows[index - 1];
			return before !== undefined && compare(before, row) > 0;
		});
	const {memory} = spec;
	return memory?.outOfOrder([rows, state.sort, memory.moment(context)], look) ?? look();
}

/** The rows that pass a filter. */
export function filtered<Row, Context>(
	spec: Pick<ListSpec<Row, Context>, 'texts' | 'values'>,
	filter: Filter,
	rows: readonly Row[],
	context: Context,
): readonly Row[] {
	return rows.filter(row => matches(filter, {texts: spec.texts(row), values: spec.values?.(row, context) ?? {}}));
}

/** The rows that the list shows. */
export function listing<Row, Context>(
	spec: ListSpec<Row, Context>,
	state: ListState,
	rows: readonly Row[],
	context: Context,
): Listing<Row> {
	const all = ordered(spec, state, rows, context);
	if (state.filter === '') return all;
	const {memory} = spec;
	const make = () => withIds(spec, filtered(spec, parseFilter(state.filter), all.rows, context));
	return memory?.shown([all, state.filter], make) ?? make();
}

/** From now on no row moves: the cursor has come into the list. */
export function hold<Row, Context>(
	spec: ListSpec<Row, Context>,
	state: ListState,
	rows: readonly Row[],
	context: Context,
): ListState {
	const {ids} = ordered(spec, state, rows, context);
	const same = state.held?.length === ids.length && state.held.every((id, index) => id === ids[index]);
	return same ? state : {...state, held: ids};
}

/** The cursor leaves the list: its order is live again. */
export function release(state: ListState): ListState {
	return {...state, held: undefined, note: undefined};
}

/** Brings a list in line with its rows as they are now. `home` keeps the cursor on the first row, whichever that is. */
export function settleList<Row, Context>(
	spec: ListSpec<Row, Context>,
	state: ListState,
	rows: readonly Row[],
	options: {readonly context: Context; readonly height: number; readonly home: boolean},
): ListState {
	const {context, height, home} = options;
	const held = state.held === undefined ? state : hold(spec, state, rows, context);
	const {ids} = listing(spec, held, rows, context);
	const from = home ? homeCursor : held.cursor;
	const {cursor, lost} = settleCursor(from, ids, height);
	// A row that the filter hides is not gone.
	const gone = lost && from.id !== undefined && !rows.some(row => spec.id(row) === from.id);
	return {...held, cursor, note: gone ? spec.gone(from.id ?? '') : held.note};
}

/** Moves the cursor over the rows that are shown. */
export function moveList(state: ListState, ids: readonly string[], motion: Motion, height: number): ListState {
	return {...state, cursor: moveCursor(state.cursor, ids, motion, height), note: undefined};
}

/** Puts the cursor on a row. */
export function placeList(state: ListState, ids: readonly string[], id: string, height: number): ListState {
	return {...state, cursor: placeCursor(state.cursor, ids, id, height)};
}

/** Sorts by the next or previous column, or the other way round, at once, even while the order is held. */
export function sortList<Row, Context>(
	spec: ListSpec<Row, Context>,
	state: ListState,
	change: 'next' | 'previous' | 'invert',
): ListState {
	const sortable = spec.columns.filter(column => column.sort !== undefined);
	const sort =
		change === 'invert' ? invertSort(state.sort) : nextSort(state.sort, sortable, change === 'next' ? 1 : -1);
	return {...state, sort, held: undefined};
}
