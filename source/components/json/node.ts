export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'literal' | 'broken';

/** A value of a JSON text, as a span of that text: digits, escapes and repeated keys stay as they were written. */
export interface JsonNode {
	readonly kind: JsonKind;
	/** The key's text between its quotes, as written; undefined in arrays and at the root. */
	readonly key: string | undefined;
	/** Where the value begins in the text, and where it ends (the index behind its last character). */
	readonly start: number;
	readonly end: number;
	/** Members of an object, elements of an array. */
	readonly children: readonly JsonNode[];
	/** False when the text ended inside this value. */
	readonly closed: boolean;
}

/** Where and why a text is no JSON. */
export interface JsonError {
	/** Index into the text. */
	readonly at: number;
	/** A few words: what was expected there. */
	readonly expected: string;
}

export interface JsonTree {
	readonly root: JsonNode;
	/** undefined when the whole text is one JSON value. */
	readonly error: JsonError | undefined;
}
