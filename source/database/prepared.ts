/** Names for prepared statements that are worth having, and those that the server can forget. */
export interface PreparedNames {
	/** The name to run this text under, or undefined while it is not asked often enough. */
	nameFor(text: string): string | undefined;
	/** Gives a name up, because the server does not know it (any more) or its plan is outdated. */
	forget(text: string): void;
	/** Names that were pushed out since the last call: to be deallocated. */
	takeEvicted(): readonly string[];
}

/** A queue has three statements; so many queues keep theirs prepared (0.35 to 0.7 MB of backend memory a queue). */
const capacity = 50 * 3;

/** Texts that are counted but not named yet. Cold queues taking turns must not push the hot ones out. */
const watched = 1024;

/** A text is prepared when it is asked for the third time. */
const worthIt = 3;

function oldest<Key>(map: ReadonlyMap<Key, unknown>): Key | undefined {
	for (const key of map.keys()) return key;
	return undefined;
}

/** Keeps the names of one connection: least recently used out first. */
export function createPreparedNames(): PreparedNames {
	// Maps keep their order of insertion: the first key is the one used longest ago.
	const named = new Map<string, string>();
	const seen = new Map<string, number>();
	let evicted: string[] = [];
	let serial = 0;

	function touch(text: string, name: string): string {
		named.delete(text);
		named.set(text, name);
		return name;
	}

	function drop(text: string): void {
		const name = named.get(text);
		if (name === undefined) return;
		named.delete(text);
		evicted.push(name);
	}

	return {
		nameFor(text) {
			const name = named.get(text);
			if (name !== undefined) return touch(text, name);
			const uses = (seen.get(text) ?? 0) + 1;
			seen.delete(text);
			if (uses < worthIt) {
				seen.set(text, uses);
				const first = seen.size > watched ? oldest(seen) : undefined;
				if (first !== undefined) seen.delete(first);
				return undefined;
			}
			const first = named.size >= capacity ? oldest(named) : undefined;
			if (first !== undefined) drop(first);
			serial++;
			return touch(text, `absurd_top_${serial}`);
		},
		forget: drop,
		takeEvicted() {
			const names = evicted;
			evicted = [];
			return names;
		},
	};
}
