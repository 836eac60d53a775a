import {filterKeys, type KeyDefinition, keyNamed, nearest} from './keys.ts';
import type {Comparison, Filter, FilterDocument, FilterError, Pattern, Span, Term, Wish} from './syntax.ts';
import {tokenizeFilter, type Written} from './tokens.ts';

/** More was never typed, and each row is asked for every term. */
const mostTerms = 30;
export const longestFilter = 1000;

const units: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
	w: 604_800_000,
};

type Read = Wish | FilterError;

function refuse({from, to}: Span, sentence: string, unfinished = false): FilterError {
	return {from, to, sentence, unfinished};
}

function isComparison(operator: string): operator is Comparison {
	return ['=', '>', '>=', '<', '<='].includes(operator);
}

function patternsOf({value, operator}: Written): readonly Pattern[] {
	return operator === '='
		? [{pieces: [value.raw], whole: true}]
		: value.alternatives.map(pieces => ({pieces, whole: false}));
}

function readNumber(term: Written): Read {
	const {operator, value} = term;
	const comparison = operator === ':' ? '=' : operator;
	if (!/^\d{1,9}$/.test(value.raw)) return refuse(value, 'attempts wants a whole number: attempts>=3.');
	return isComparison(comparison)
		? {kind: 'number', key: 'attempts', comparison, value: Number(value.raw)}
		: refuse(term, `attempts cannot be asked with ${operator}.`);
}

function readAge(term: Written): Read {
	const {operator, value} = term;
	if (!isComparison(operator) || operator === '=') return refuse(term, 'age is compared: age>10m or age<2h.');
	const parts = /^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|[smhdw]))+$/i.test(value.raw)
		? [...value.raw.toLowerCase().matchAll(/([\d.]+)(ms|[smhdw])/g)]
		: [];
	if (parts.length === 0) return refuse(value, `age wants a number and a unit, ms s m h d w: age${operator}10m.`);
	const sum = parts.reduce((total, [, number, unit]) => total + Number(number) * (units[unit ?? ''] ?? 0), 0);
	return {kind: 'age', key: 'age', comparison: operator, value: Math.min(sum, 1e13)};
}

/** A text, one of those that the key knows where it knows only some. */
function readText(term: Written, {key, known}: KeyDefinition): Read {
	if (key === 'age' || key === 'attempts') return readNumber(term);
	for (const [word = '', ...more] of known === undefined ? [] : term.value.alternatives) {
		if (more.length > 0 || known?.words.includes(word.toLowerCase())) continue;
		const meant = nearest(word, known?.words ?? []);
		const hint = meant === undefined ? `the ${known?.plural} are ${known?.words.join(', ')}` : `did you mean ${meant}?`;
		return refuse(term.value, `There is no ${key} ${word}; ${hint}`, true);
	}
	return {kind: 'text', key, patterns: patternsOf(term)};
}

function readKeyed(term: Written, definition: KeyDefinition): Read {
	const {key, kind} = definition;
	if (kind === 'number') return readNumber(term);
	if (kind === 'age') return readAge(term);
	if (isComparison(term.operator) && term.operator !== '=') {
		return refuse(term, `${key} is a text: write ${key}:${term.value.raw}. Only age and attempts are compared.`);
	}
	return readText(term, definition);
}

function readPath(term: Written, document: FilterDocument, path: readonly string[]): Read {
	if (path.length === 0 || path.includes('')) return refuse(term, `${document} wants a path: ${document}.user.id:42.`);
	if (isComparison(term.operator) && term.operator !== '=') {
		return refuse(term, `Values in ${document} are compared as texts: write a : in place of ${term.operator}.`);
	}
	return {kind: 'path', document, path, patterns: patternsOf(term)};
}

function unknownKey(key: Span & {readonly name: string}): FilterError {
	const names = [...filterKeys.map(each => each.key), 'params', 'headers'];
	const meant = nearest(key.name.split('.')[0] ?? '', names);
	const hint = meant === undefined ? `Keys are ${names.join(', ')}.` : `Did you mean ${meant}?`;
	return refuse(key, `There is no key ${key.name}. ${hint} Quotes make it a text: "${key.name}:…".`);
}

function readTerm(term: Written): Read {
	const {key, value} = term;
	if (value.raw === '') {
		if (key === undefined) return refuse(term, 'Nothing follows the !.', true);
		const known = keyNamed(key.name) !== undefined || /^(params|headers)(\.|$)/i.test(key.name);
		return known
			? refuse(term, `What ${key.name} should it have? Write it behind ${term.operator}`, true)
			: unknownKey(key);
	}
	if (key === undefined) return {kind: 'word', text: value.raw};
	const [first = '', ...path] = key.name.split('.');
	const word = first.toLowerCase();
	if (word === 'params' || word === 'headers') return readPath(term, word, path);
	const definition = path.length === 0 ? keyNamed(first) : undefined;
	return definition === undefined ? unknownKey(key) : readKeyed(term, definition);
}

/** Reads a filter. Never throws: with an error the terms are those that could be read, the others are left out. */
export function parseFilter(text: string): Filter {
	if (text.length > longestFilter) {
		const sentence = `A filter has at most ${longestFilter} characters.`;
		return {text, terms: [], error: {from: longestFilter, to: text.length, sentence, unfinished: false}};
	}
	const written = tokenizeFilter(text);
	const terms: Term[] = [];
	let {error} = written;
	for (const term of written.terms) {
		const wish = readTerm(term);
		if ('sentence' in wish) error ??= wish;
		else terms.push({from: term.from, to: term.to, negated: term.negated, wish});
	}
	const extra = terms[mostTerms];
	if (extra !== undefined) error ??= refuse(extra, `A filter has at most ${mostTerms} terms.`);
	return {text, terms: terms.slice(0, mostTerms), error};
}
