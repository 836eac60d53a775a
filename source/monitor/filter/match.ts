import {keyNamed} from './keys.ts';
import type {Comparison, Filter, FilterDocument, FilterKey, Pattern, Term} from './syntax.ts';

/** What a row says under the keys of the language; a key that is missing here is none of this kind of row. */
export type FilterValues = {readonly [Key in FilterKey]?: string | number | readonly string[] | undefined};

/** What a filter can look at. */
export interface Filterable {
	readonly values: FilterValues;
	/** What plain words look into. */
	readonly texts: readonly string[];
}

function matchesPieces(text: string, pieces: readonly string[]): boolean {
	const [first = '', ...rest] = pieces;
	const last = rest.pop();
	if (last === undefined) return text === first;
	if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
	let place = first.length;
	const end = text.length - last.length;
	for (const piece of rest) {
		const found = text.indexOf(piece, place);
		if (found === -1 || found + piece.length > end) return false;
		place = found + piece.length;
	}
	return true;
}

/** Whether a text is what a pattern of a key asks for, whatever the case. */
export function matchesPattern(key: FilterKey, {pieces, whole}: Pattern, value: string): boolean {
	const text = value.toLowerCase();
	const wanted = pieces.map(piece => piece.toLowerCase());
	const [word = ''] = wanted;
	const match = keyNamed(key)?.match ?? 'whole';
	if (key === 'id') return matchesId(wanted, text);
	if (wanted.length > 1 && match !== 'contains') return matchesPieces(text, wanted);
	if (wanted.length > 1) return matchesPieces(text, ['', ...wanted, '']);
	if (whole || match === 'whole') return text === word;
	return match === 'start' ? text.startsWith(word) : text.includes(word);
}

function matchesId(wanted: readonly string[], text: string): boolean {
	const digits = text.replaceAll('-', '');
	const asked = wanted.map(piece => piece.replaceAll(/[-\u2026]/g, ''));
	const [word = ''] = asked;
	return asked.length > 1 ? matchesPieces(digits, asked) : digits.startsWith(word) || digits.endsWith(word);
}

const comparisons: Readonly<Record<Comparison, (value: number, than: number) => boolean>> = {
	'=': (value, than) => value === than,
	'>': (value, than) => value > than,
	'>=': (value, than) => value >= than,
	'<': (value, than) => value < than,
	'<=': (value, than) => value <= than,
};

function holds({wish}: Term, {values, texts}: Filterable): boolean {
	switch (wish.kind) {
		case 'word': {
			const word = wish.text.toLowerCase();
			return texts.some(text => text.toLowerCase().includes(word));
		}
		case 'text': {
			const value = values[wish.key];
			if (value === undefined) return false;
			const all = typeof value === 'object' ? value : [String(value)];
			return wish.patterns.some(pattern => all.some(text => matchesPattern(wish.key, pattern, text)));
		}
		case 'number':
		case 'age': {
			const value = values[wish.key];
			return typeof value === 'number' && comparisons[wish.comparison](value, wish.value);
		}
		case 'path':
			return false;
	}
}

/** Whether a row passes: every term that could be read holds. Paths into documents hold of no row in memory. */
export function matches(filter: Filter, row: Filterable): boolean {
	return filter.terms.every(term => holds(term, row) !== term.negated);
}

/** The first term that asks for something that these rows do not have; undefined = all can be answered. */
export function unknownTerm(
	filter: Filter,
	keys: ReadonlySet<FilterKey | FilterDocument>,
): (Term & {readonly asks: FilterKey | FilterDocument}) | undefined {
	for (const term of filter.terms) {
		const {wish} = term;
		if (wish.kind === 'word') continue;
		const asks = wish.kind === 'path' ? wish.document : wish.key;
		if (!keys.has(asks)) return {...term, asks};
	}
	return undefined;
}
