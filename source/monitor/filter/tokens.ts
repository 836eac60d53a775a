import type {FilterError, Span} from './syntax.ts';

/** A value as it was written: pieces between stars, so that a quoted star stays a star. */
export interface WrittenValue extends Span {
	/** Alternatives between commas; each is cut at its stars. */
	readonly alternatives: readonly (readonly string[])[];
	/** The value without quotes, stars and commas as they were typed. */
	readonly raw: string;
}

/** One term as it was written: `!key op value`, or a plain word (no key). */
export interface Written extends Span {
	readonly negated: boolean;
	readonly key: (Span & {readonly name: string}) | undefined;
	readonly operator: string;
	readonly value: WrittenValue;
}

/** Characters that no name in a database is typed with; a NUL cannot be sent to Postgres at all. */
const forbidden = /[\p{Cc}\p{Cs}]/u;

const space = /\s/u;

/** A key in front of its operator; what has a `-` or a digit in front of a `:` (`w-7:311`) is a word. */
const head = /^(?<key>[A-Za-z_]+(?:\.[^\s:=<>"!]+)*)(?<operator>>=|<=|[:=<>])/u;

function errorAt(from: number, to: number, sentence: string, unfinished = false): FilterError {
	return {from, to, sentence, unfinished};
}

/** Reads a value up to the next blank outside of quotes. */
function readValue(text: string, from: number): WrittenValue | FilterError {
	const alternatives: string[][] = [['']];
	let raw = '';
	let place = from;
	const add = (character: string) => {
		const pieces = alternatives.at(-1) ?? [];
		pieces[pieces.length - 1] = (pieces.at(-1) ?? '') + character;
		raw += character;
	};
	while (place < text.length && !space.test(text[place] ?? '')) {
		const character = text[place] ?? '';
		if (character === '"') {
			const start = place++;
			while (place < text.length && text[place] !== '"') {
				if (text[place] === '\\' && place + 1 < text.length) place++;
				add(text[place++] ?? '');
			}
			if (place >= text.length) return errorAt(start, text.length, 'This quote is not closed: put a " behind the text.', true);
			place++;
			continue;
		}
		if (character === '*') alternatives.at(-1)?.push('');
		else if (character === ',') alternatives.push(['']);
		else add(character);
		if (character === '*' || character === ',') raw += character;
		place++;
	}
	return {from, to: place, alternatives, raw};
}

/** Cuts a filter into terms. Answers those before the first error, and that error. */
export function tokenizeFilter(text: string): {
	readonly terms: readonly Written[];
	readonly error: FilterError | undefined;
} {
	const terms: Written[] = [];
	const bad = forbidden.exec(text);
	if (bad !== null) {
		const error = errorAt(bad.index, bad.index + bad[0].length, 'Control characters cannot be searched for.');
		return {terms, error};
	}
	let place = 0;
	while (place < text.length) {
		if (space.test(text[place] ?? '')) {
			place++;
			continue;
		}
		const from = place;
		const negated = text[place] === '!';
		if (negated) place++;
		const match = head.exec(text.slice(place));
		const {key: name = '', operator = ''} = match?.groups ?? {};
		const key = match === null ? undefined : {name, from: place, to: place + name.length};
		const value = readValue(text, place + name.length + operator.length);
		if ('sentence' in value) return {terms, error: value};
		terms.push({from, to: value.to, negated, key, operator, value});
		place = value.to;
	}
	return {terms, error: undefined};
}
