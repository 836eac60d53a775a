import type {JsonError, JsonKind, JsonNode, JsonTree} from './node.ts';

/** Deeper than this nobody reads, and the stack is not endless. */
const deepest = 200;

/** More values than this are not drawn anyway; the rest of the text counts as cut off. */
const most = 20_000;

interface Reader {
	readonly text: string;
	at: number;
	nodes: number;
	error: JsonError | undefined;
}

const space = /[ \t\n\r]*/y;
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const literalPattern = /true|false|null/y;
const special = /["\\\u0000-\u001f]/g;
const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function skipSpace(reader: Reader): void {
	space.lastIndex = reader.at;
	space.test(reader.text);
	reader.at = space.lastIndex;
}

function match(reader: Reader, pattern: RegExp): boolean {
	pattern.lastIndex = reader.at;
	const found = pattern.test(reader.text);
	if (found) {
		reader.at = pattern.lastIndex;
	}

	return found;
}

function take(reader: Reader, character: string): boolean {
	const found = reader.text[reader.at] === character;
	reader.at += found ? 1 : 0;
	return found;
}

function fail(reader: Reader, expected: string): void {
	reader.error ??= {at: Math.min(reader.at, reader.text.length), expected};
}

/** Everything from `start` on, because it could not be read. */
function broken(reader: Reader, key: string | undefined, start: number): JsonNode {
	reader.at = reader.text.length;
	return {kind: 'broken', key, start, end: reader.text.length, children: [], closed: false};
}

/** A string, leaping from one special character to the next: megabytes without one cost nothing. */
function matchString(reader: Reader): boolean {
	const start = reader.at;
	if (!take(reader, '"')) {
		return false;
	}

	while (true) {
		special.lastIndex = reader.at;
		const found = special.exec(reader.text);
		reader.at = found?.index ?? reader.text.length;
		if (take(reader, '"')) {
			return true;
		}

		if (!match(reader, escapePattern)) {
			reader.at = start;
			return false;
		}
	}
}

const scalars: readonly (readonly [kind: JsonKind, read: (reader: Reader) => boolean])[] = [
	['string', matchString],
	['number', reader => match(reader, numberPattern)],
	['literal', reader => match(reader, literalPattern)],
];

function readValue(reader: Reader, key: string | undefined, depth: number): JsonNode {
	skipSpace(reader);
	const start = reader.at;
	reader.nodes++;
	if (depth > deepest || reader.nodes > most) {
		fail(reader, depth > deepest ? 'less nesting' : 'fewer values');
		return broken(reader, key, start);
	}

	if (take(reader, '{')) {
		return readContainer(reader, 'object', key, start, depth);
	}

	if (take(reader, '[')) {
		return readContainer(reader, 'array', key, start, depth);
	}

	const found = scalars.find(([, read]) => read(reader));
	if (found === undefined) {
		fail(reader, reader.text[start] === '"' ? 'the end of this string' : 'a value');
		return broken(reader, key, start);
	}

	return {kind: found[0], key, start, end: reader.at, children: [], closed: true};
}

/** Reads a key and its colon; undefined when there is none. */
function readKey(reader: Reader): string | undefined {
	const start = reader.at;
	if (!matchString(reader)) {
		fail(reader, reader.text[start] === '"' ? 'the end of this key' : 'a key in double quotes');
		return undefined;
	}

	const key = reader.text.slice(start + 1, reader.at - 1);
	skipSpace(reader);
	if (!take(reader, ':')) {
		fail(reader, 'a colon');
		return undefined;
	}

	return key;
}

function readMember(reader: Reader, kind: 'object' | 'array', depth: number): JsonNode | undefined {
	if (kind === 'array') {
		return readValue(reader, undefined, depth + 1);
	}

	const key = readKey(reader);
	return key === undefined ? undefined : readValue(reader, key, depth + 1);
}

function readContainer(
	reader: Reader,
	kind: 'object' | 'array',
	key: string | undefined,
	start: number,
	depth: number,
): JsonNode {
	const closing = kind === 'object' ? '}' : ']';
	const children: JsonNode[] = [];
	const node = (closed: boolean): JsonNode => ({kind, key, start, end: reader.at, children, closed});
	skipSpace(reader);
	if (take(reader, closing)) {
		return node(true);
	}

	while (true) {
		skipSpace(reader);
		const member = readMember(reader, kind, depth);
		if (member !== undefined) {
			children.push(member);
		}

		if (reader.error !== undefined) {
			reader.at = reader.text.length;
			return node(false);
		}

		skipSpace(reader);
		if (take(reader, closing)) {
			return node(true);
		}

		if (!take(reader, ',')) {
			fail(reader, `a comma or ${closing}`);
			return node(false);
		}
	}
}

/**
 * Reads a JSON text into spans of itself. Never throws, never looks at a number's value: a text that is cut off or wrong
 * gives the tree as far as it goes, and the place of the first error.
 */
export function parseJson(text: string): JsonTree {
	const reader: Reader = {text, at: 0, nodes: 0, error: undefined};
	const root = readValue(reader, undefined, 0);
	skipSpace(reader);
	if (reader.error === undefined && reader.at < text.length) {
		fail(reader, 'the end');
	}

	return {root, error: reader.error};
}
