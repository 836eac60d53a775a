import type {Theme} from '../terminal/theme.ts';
import {type Motion, moveCursor, settleCursor} from './cursor.ts';
import {type DocumentRow, type DocumentState, toggle} from './document.ts';
import {drawLine} from './line.ts';

/** Cells before each line, for the cursor. */
const margin = 2;

/** Cells of a document's lines in a window of `width` cells. */
export function documentWidth(width: number): number {
	return Math.max(1, width - margin);
}

function ids(rows: readonly DocumentRow[]): readonly string[] {
	return rows.map(({id}) => id);
}

/** The row under the cursor. */
export function currentRow(state: DocumentState, rows: readonly DocumentRow[]): DocumentRow | undefined {
	return rows.find(({id}) => id === state.cursor.id);
}

export function settleDocument(state: DocumentState, rows: readonly DocumentRow[], height: number): DocumentState {
	return {...state, cursor: settleCursor(state.cursor, ids(rows), height).cursor};
}

export function moveDocument(
	state: DocumentState,
	rows: readonly DocumentRow[],
	motion: Motion,
	height: number,
): DocumentState {
	return {...state, cursor: moveCursor(state.cursor, ids(rows), motion, height)};
}

/** Folds the row under the cursor; where there is nothing to fold the cursor goes to the row that holds it. */
export function foldDocument(state: DocumentState, rows: readonly DocumentRow[], height: number): DocumentState {
	const current = currentRow(state, rows);
	if (current === undefined || current.fold === 'open') {
		return current === undefined ? state : toggle(state, current, 'folded');
	}

	const parents = rows.filter(({id, fold}) => fold === 'open' && isInside(current.id, id));
	const parent = parents[parents.length - 1];
	return parent === undefined
		? state
		: settleDocument({...state, cursor: {...state.cursor, id: parent.id}}, rows, height);
}

/** Ids of rows inside another begin with its id and a separator. */
export function isInside(id: string, parent: string): boolean {
	return id.startsWith(`${parent}.`) || id.startsWith(`${parent}:`);
}

/** The window of a document: at most `height` lines of exactly `width` cells. */
export function drawDocument(
	state: DocumentState,
	rows: readonly DocumentRow[],
	{
		width,
		height,
		theme,
		dimmed,
	}: {
		readonly width: number;
		readonly height: number;
		readonly theme: Theme;
		/** What is shown is old. */
		readonly dimmed: boolean;
	},
): readonly string[] {
	return rows.slice(state.cursor.top, state.cursor.top + height).map(({id, pieces}) => {
		const cursor = id === state.cursor.id;
		const toned =
			cursor || dimmed
				? pieces.map(({text}) => ({text, tone: cursor ? ('plain' as const) : ('dim' as const)}))
				: pieces;
		const line = `${cursor ? theme.glyph.cursor : ' '} ${drawLine(toned, Math.max(0, width - margin), theme)}`;
		return cursor ? theme.paint.cursor(line) : line;
	});
}
