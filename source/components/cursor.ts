/** A cursor that hangs on the id of a row; index and top only say where to look when that row is gone. */
export interface Cursor {
	readonly id: string | undefined;
	/** Where the row stood when it was last seen. */
	readonly index: number;
	/** The first row of the window. */
	readonly top: number;
}

export const homeCursor: Cursor = {id: undefined, index: 0, top: 0};

export type Motion = 'up' | 'down' | 'page-up' | 'page-down' | 'half-up' | 'half-down' | 'top' | 'bottom';

const distances: Readonly<Record<Motion, (height: number, count: number) => number>> = {
	up: () => -1,
	down: () => 1,
	'page-up': height => -Math.max(1, height - 1),
	'page-down': height => Math.max(1, height - 1),
	'half-up': height => -Math.max(1, Math.floor(height / 2)),
	'half-down': height => Math.max(1, Math.floor(height / 2)),
	top: (_height, count) => -count,
	bottom: (_height, count) => count,
};

function clamp(value: number, low: number, high: number): number {
	return Math.max(low, Math.min(value, high));
}

/** The first row of a window of `height` rows that shows row `index` and moves as little as possible. */
export function scrollTo(top: number, index: number, count: number, height: number): number {
	const lowest = Math.max(0, count - height);
	return clamp(clamp(top, index - height + 1, index), 0, lowest);
}

function at(cursor: Cursor, ids: readonly string[], wanted: number, height: number): Cursor {
	if (ids.length === 0) {
		return homeCursor;
	}

	const index = clamp(wanted, 0, ids.length - 1);
	const rows = Math.max(1, height);
	return {id: ids[index], index, top: scrollTo(cursor.top, index, ids.length, rows)};
}

/**
 * Brings a cursor in line with the rows as they are now, in a window of `height` rows. If its row is gone it goes to
 * the neighbour that took its place, and `lost` is true.
 */
export function settleCursor(
	cursor: Cursor,
	ids: readonly string[],
	height: number,
): {readonly cursor: Cursor; readonly lost: boolean} {
	const found = cursor.id === undefined ? -1 : ids.indexOf(cursor.id);
	const lost = cursor.id !== undefined && found === -1;
	return {cursor: at(cursor, ids, found === -1 ? cursor.index : found, height), lost};
}

/** Moves a settled cursor. */
export function moveCursor(cursor: Cursor, ids: readonly string[], motion: Motion, height: number): Cursor {
	return at(cursor, ids, cursor.index + distances[motion](height, ids.length), height);
}

/** Puts the cursor on a row. */
export function placeCursor(cursor: Cursor, ids: readonly string[], id: string, height: number): Cursor {
	return at(cursor, ids, Math.max(0, ids.indexOf(id)), height);
}
