/**
 * The first rows of many lists together, as many as `limit`, by a number and then by `compare`. Only rows that can be
 * among them are sorted: with ten thousand lists the others are many times more.
 */
export function firstRows<Row>(
	lists: readonly (readonly Row[])[],
	limit: number,
	value: (row: Row) => number,
	compare: (first: Row, second: Row) => number,
): readonly Row[] {
	const most = largestOfFirst(lists, limit, value);
	const rows: Row[] = [];
	for (const list of lists) for (const row of list) if (value(row) <= most) rows.push(row);
	return rows.sort((first, second) => value(first) - value(second) || compare(first, second)).slice(0, limit);
}

/** The largest value among the first `limit` rows. */
function largestOfFirst<Row>(lists: readonly (readonly Row[])[], limit: number, value: (row: Row) => number): number {
	const count = lists.reduce((sum, {length}) => sum + length, 0);
	if (count <= limit) return Number.POSITIVE_INFINITY;
	const values = new Float64Array(count);
	let place = 0;
	for (const list of lists) for (const row of list) values[place++] = value(row);
	return values.sort()[limit - 1] ?? Number.POSITIVE_INFINITY;
}
