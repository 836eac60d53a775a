/** Digits of a short id; where two collide both get the longer form. */
const short = 6;
const longer = 12;

// The last twelve digits of a UUID stand together.
function tail(id: string, digits: number): string {
	return `…${id.slice(-digits)}`;
}

/** The last six hex digits (the first ones of a UUIDv7 hardly differ): `…f24ab5`. */
export function shortId(id: string): string {
	return tail(id, short);
}

/** Short ids of rows that stand together, longer where two of them would look the same. */
export function shortIds(ids: readonly string[]): ReadonlyMap<string, string> {
	const owners = new Map<string, Set<string>>();
	for (const id of ids) {
		const key = shortId(id);
		owners.set(key, (owners.get(key) ?? new Set()).add(id));
	}

	return new Map(ids.map(id => [id, tail(id, (owners.get(shortId(id))?.size ?? 1) > 1 ? longer : short)]));
}
