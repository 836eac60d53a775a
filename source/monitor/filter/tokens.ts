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

/** Where the quoted text that begins at `from` ends, behind its closing quote; undefined = it is not closed. */
function endOfQuote(text: string, from: number): number | undefined {
	for (let place = from + 1; place < text.length; place++) {
		if (text[place] === '\\') place++;
		else if (text[place] === '"') return place + 1;
	}
	return undefined;
}

/** Reads a value up to the next blank outside of quotes. */
function readValue(text: string, from: number): WrittenValue | FilterError {
	let pieces = [''];
	const alternatives = [pieces];
	let raw = '';
	let place = from;
	const add = (added: string) => {
		pieces.push((pieces.pop() ?? '') + added);
		raw += added;
	};
	for (; place < text.length && !space.test(text[place] ?? ''); place++) {
		const character = text[place] ?? '';
		if (character === '"') {
			const end = endOfQuote(text, place);
			if (end === undefined) return errorAt(place, text.length, 'This quote is not closed: put a " behind it.', true);
			add(text.slice(place + 1, end - 1).replaceAll(/\\(.)/gsu, '$1'));
			place = end - 1;
		} else if (character === '*') {
			pieces.push('');
			raw += '*';
		} else if (character === ',') {
			pieces = [''];
			alternatives.push(pieces);
			raw += ',';
		} else add(character);
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
