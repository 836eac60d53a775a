/** What a column sorts by; undefined stands last, whichever way the column is sorted. */
export type SortValue = number | string | undefined;

/** A person's wish to sort by a column; undefined in its place means the order that the screen gives by itself. */
export interface Sort {
	readonly column: string;
	readonly descending: boolean;
}

/** The part of a column that sorting knows. Numbers start with the biggest, texts with A: trouble comes first. */
interface Sortable {
	readonly id: string;
	readonly align: 'left' | 'right';
}

export function compareValues(first: SortValue, second: SortValue): number {
	if (first === second) {
		return 0;
	}

	if (typeof first === 'number' && typeof second === 'number') {
		return first - second;
	}

	return String(first) < String(second) ? -1 : 1;
}

/** Compares with undefined last in both directions. */
export function compareSorted(first: SortValue, second: SortValue, descending: boolean): number {
	if (first === undefined || second === undefined) {
		return Number(first === undefined) - Number(second === undefined);
	}

	return descending ? compareValues(second, first) : compareValues(first, second);
}

/** The next (`step` 1) or previous (−1) column to sort by; the screen's own order is one of the stations. */
export function nextSort(sort: Sort | undefined, columns: readonly Sortable[], step: 1 | -1): Sort | undefined {
	const current = sort === undefined ? -1 : columns.findIndex(column => column.id === sort.column);
	const stations = columns.length + 1;
	const column = columns[((current + 1 + step + stations) % stations) - 1];
	return column === undefined ? undefined : {column: column.id, descending: column.align === 'right'};
}

/** The same column the other way round; the screen's own order cannot be turned. */
export function invertSort(sort: Sort | undefined): Sort | undefined {
	return sort === undefined ? undefined : {...sort, descending: !sort.descending};
}
