/** Answers a question again as before while what it hangs on is the same. */
export type Recall<Value> = (of: readonly unknown[], make: () => Value) => Value;

/** Remembers the last answer to one question. */
export function createRecall<Value>(): Recall<Value> {
	let known: {readonly of: readonly unknown[]; readonly value: Value} | undefined;
	return (of, make) => {
		if (known === undefined || of.length !== known.of.length || of.some((part, index) => part !== known?.of[index])) {
			known = {of, value: make()};
		}

		return known.value;
	};
}

/** The rows that a list shows, in order. */
export interface Listing<Row> {
	readonly rows: readonly Row[];
	readonly ids: readonly string[];
}

/**
 * What was worked out last about a list of rows that may be many: a frame asks a dozen times for the same. `moment` is
 * what of the context its order and its filters hang on.
 */
export interface ListMemory<Row, Context> {
	readonly moment: (context: Context) => unknown;
	readonly all: Recall<Listing<Row>>;
	readonly shown: Recall<Listing<Row>>;
	readonly outOfOrder: Recall<boolean>;
}

/** A memory for one list. */
export function createListMemory<Row, Context>(moment: (context: Context) => unknown): ListMemory<Row, Context> {
	return {moment, all: createRecall(), shown: createRecall(), outOfOrder: createRecall()};
}
