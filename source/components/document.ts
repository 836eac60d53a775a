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

/** Whether something is folded that by default would be or not. */
export function isFolded(toggled: ReadonlySet<string>, id: string, byDefault: boolean): boolean {
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
