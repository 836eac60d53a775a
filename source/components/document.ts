import type {ValueAddress} from '../monitor/big-document.ts';
import type {RunRef} from '../monitor/snapshot.ts';
import {type Cursor, homeCursor} from './cursor.ts';
import type {Piece} from './line.ts';

/** A line of a document that a person walks through. */
export interface DocumentRow {
	/** Stays the same while the document is drawn anew: cursor and folds hang on it. */
	readonly id: string;
	readonly pieces: readonly Piece[];
	/** Whether it can be folded, and is. */
	readonly fold: 'open' | 'folded' | undefined;
	/** What `Y` copies: the raw value. */
	readonly copy: string | undefined;
	/** The path to this value, as `P` copies it. */
	readonly path?: string;
	/** An id on this line, as `y` copies it, and what it is. */
	readonly subject?: {readonly text: string; readonly what: string};
	/** Where more of this value is to be read from when the row is unfolded. */
	readonly fetch?: ValueAddress;
	/** The task that Enter opens. */
	readonly opens?: RunRef;
	/** What a search finds on this line besides its text. */
	readonly found?: string;
}

/** Where a person is in a document, and what was folded or unfolded against its default. */
export interface DocumentState {
	readonly cursor: Cursor;
	readonly toggled: ReadonlySet<string>;
}

export const openDocument: DocumentState = {cursor: homeCursor, toggled: new Set()};

/** A line that cannot be folded. */
export function row(id: string, pieces: readonly Piece[], copy?: string): DocumentRow {
	return {id, pieces, fold: undefined, copy};
}

/** A line of one text. */
export function textRow(id: string, text: string, tone: Piece['tone'] = 'plain'): DocumentRow {
	return row(id, [{text, tone}], text);
}

/** What was folded or unfolded against its default; `all-open` as a search sees it. */
export type Folds = ReadonlySet<string> | 'all-open';

/** Whether something is folded that by default would be or not. */
export function isFolded(toggled: Folds, id: string, byDefault: boolean): boolean {
	if (toggled === 'all-open') {
		return false;
	}

	return toggled.has(id) ? !byDefault : byDefault;
}

/** Folds or unfolds a row; `to` undefined turns it round. Rows that cannot be folded stay. */
export function toggle(
	state: DocumentState,
	{id, fold}: Pick<DocumentRow, 'id' | 'fold'>,
	to?: 'open' | 'folded',
): DocumentState {
	if (fold === undefined || fold === to) {
		return state;
	}

	const toggled = new Set(state.toggled);
	if (!toggled.delete(id)) {
		toggled.add(id);
	}

	return {...state, toggled};
}
