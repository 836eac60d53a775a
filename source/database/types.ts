import pg from 'pg';

/** Parses one value of a row from the text that the server sent. */
export type ValueParser = (text: string) => unknown;

const instant = /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d(?:\.\d+)?)([+-]\d\d)(?::?(\d\d))?(?::?(\d\d))?( BC)?$/;

/**
 * Milliseconds since the epoch of a `timestamptz` as Postgres writes it under `DateStyle ISO`, with fractions down to
 * the microsecond; `infinity` is Infinity. Throws on another format.
 */
export function parseInstant(text: string): number {
	if (text === 'infinity') return Number.POSITIVE_INFINITY;
	if (text === '-infinity') return Number.NEGATIVE_INFINITY;
	const match = instant.exec(text);
	if (!match) throw new Error(`Not an instant in ISO style: ${text.slice(0, 40)}`);
	const [year, month, day, hour, minute, second, offset, offsetMinutes, offsetSeconds] = match
		.slice(1, 10)
		.map(part => Number(part ?? 0));
	const date = new Date(0);
	date.setUTCFullYear(match[10] ? 1 - (year ?? 0) : (year ?? 0), (month ?? 1) - 1, day);
	const shift = Math.abs(offset ?? 0) * 3600 + (offsetMinutes ?? 0) * 60 + (offsetSeconds ?? 0);
	const seconds = (hour ?? 0) * 3600 + (minute ?? 0) * 60 - (match[7]?.startsWith('-') ? -shift : shift);
	// Whole microseconds first: 1.001 * 1000 is not 1001 in binary fractions.
	return date.getTime() + seconds * 1000 + Math.round((second ?? 0) * 1_000_000) / 1000;
}

/** An `int8`: a number, or a bigint where a number would lose digits. */
export function parseInteger(text: string): number | bigint {
	const number = Number(text);
	return Number.isSafeInteger(number) ? number : BigInt(text);
}

// `_text`; the types of pg list no arrays.
const textArray: number = 1009;
const texts: ValueParser = pg.types.getTypeParser(textArray, 'text');

function list(text: string, each: ValueParser): unknown[] {
	const items: unknown = texts(text);
	return Array.isArray(items) ? items.map(item => (typeof item === 'string' ? each(item) : item)) : [];
}

const toNumber: ValueParser = Number;
const toBoolean: ValueParser = text => text === 't';

/** Scalars by their oid, and the oid of their array. Everything else stays text. */
const table: ReadonlyArray<readonly [name: string, oid: number, array: number, parse: ValueParser]> = [
	['bool', 16, 1000, toBoolean],
	['int8', 20, 1016, parseInteger],
	['int2', 21, 1005, toNumber],
	['int4', 23, 1007, toNumber],
	['text', 25, 1009, text => text],
	['oid', 26, 1028, toNumber],
	['name', 19, 1003, text => text],
	['float4', 700, 1021, toNumber],
	['float8', 701, 1022, toNumber],
	['timestamptz', 1184, 1185, parseInstant],
	['uuid', 2950, 2951, text => text],
];

const parsers = new Map<number, ValueParser>(
	table.flatMap(([, oid, array, parse]) => [
		[oid, parse],
		[array, (text: string) => list(text, parse)],
	]),
);

const asText: ValueParser = text => text;

/** The rules of `Row` for a type: numbers, booleans and instants are parsed, all else stays the server's text. */
export function parserFor(oid: number): ValueParser {
	return parsers.get(oid) ?? asText;
}
