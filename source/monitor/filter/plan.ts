import type {Duration, State} from '../snapshot.ts';
import {keyNamed, taskKeys} from './keys.ts';
import {matches, unknownTerm} from './match.ts';
import type {Comparison, Filter, FilterKey, ListKey, Pattern, Term, Wish} from './syntax.ts';

/** A condition as the query files of the search take it: patterns are those of LIKE. */
export interface SqlWish {
	readonly field: 'name' | 'state' | 'key' | 'id' | 'attempts' | 'params' | 'headers' | 'worker' | 'error' | 'word';
	readonly path: readonly string[] | null;
	readonly patterns: readonly string[];
	readonly negated: boolean;
}

/** Which index leads to the tasks. */
export type AccessPath =
	/** The newest by id; `from` inclusive, `before` exclusive. */
	| {readonly kind: 'newest'; readonly from: string; readonly before: string}
	| {readonly kind: 'state'; readonly states: readonly State[]}
	/** The key as it was written: the index knows no other case. */
	| {readonly kind: 'key'; readonly keys: readonly string[]}
	/** A whole id, of a task or a run. */
	| {readonly kind: 'id'; readonly id: string};

/** How a filter is asked of the database. */
export interface SearchPlan {
	readonly path: AccessPath;
	readonly wishes: readonly SqlWish[];
	readonly attempts: {readonly least: number; readonly most: number};
	/** Time since the task was enqueued. */
	readonly age: {readonly least: Duration; readonly most: Duration | undefined};
	/** Not every row that is looked at passes: how far the search may look is bounded. */
	readonly sifts: boolean;
	/** Queues that are searched. */
	searches(queue: string): boolean;
}

export const lowestId = '00000000-0000-0000-0000-000000000000';
export const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const most = 2_147_483_647;
const day = 86_400_000;

/** Keys that a column answers: queues are chosen beforehand, and those of other lists are no task's. */
function isColumn<Key extends FilterKey>(key: Key): key is Exclude<Key, 'queue' | ListKey> {
	return key !== 'queue' && taskKeys.has(key);
}

/** States whose runs an index leads to. Cancelled tasks may have no cancelled run. */
const indexed: readonly State[] = ['pending', 'running', 'sleeping', 'completed', 'failed'];

function escapeLike(text: string): string {
	return text.replaceAll(/[\\%_]/g, '\\$&');
}

/**
 * A database in the locale C folds the case of ASCII letters only: texts with others are asked for as they were typed, in
 * small and in capital letters.
 */
function spelled(pattern: string): readonly string[] {
	return /[^\p{ASCII}]/u.test(pattern)
		? [...new Set([pattern, pattern.toLowerCase(), pattern.toUpperCase()])]
		: [pattern];
}

function likeOf(pattern: Pattern, match: 'whole' | 'start' | 'contains' | 'ends'): readonly string[] {
	const body = pattern.pieces.map(escapeLike).join('%');
	if (match !== 'ends') {
		const before = match === 'contains' && !pattern.whole ? '%' : '';
		const after = match === 'start' && !pattern.whole && pattern.pieces.length === 1 ? '%' : before;
		return spelled(before + body + after);
	}

	const digits = body.replaceAll(/[-\u2026]/g, '');
	return pattern.pieces.length > 1 ? [digits] : [`${digits}%`, `%${digits}`];
}

function wishOf({negated, wish}: Term): SqlWish | undefined {
	switch (wish.kind) {
		case 'word':
			return {field: 'word', path: null, patterns: spelled(`%${escapeLike(wish.text)}%`), negated};
		case 'path': {
			const patterns = wish.patterns.flatMap(pattern => likeOf(pattern, 'whole'));
			return {field: wish.document, path: wish.path, patterns, negated};
		}
		case 'text': {
			if (!isColumn(wish.key)) return undefined;
			const match = keyNamed(wish.key)?.match ?? 'whole';
			return {field: wish.key, path: null, patterns: wish.patterns.flatMap(each => likeOf(each, match)), negated};
		}
		case 'number':
			return wish.comparison === '=' && negated
				? {field: 'attempts', path: null, patterns: [String(wish.value)], negated}
				: undefined;
		case 'age':
			return undefined;
	}
}

const opposite: Readonly<Record<Exclude<Comparison, '='>, Comparison>> = {'>': '<=', '>=': '<', '<': '>=', '<=': '>'};

interface Range {
	readonly least: number;
	readonly most: number;
}

/** What one comparison leaves; `step` is the smallest difference. */
const ranges: Readonly<Record<Comparison, (value: number, step: number) => Partial<Range>>> = {
	'=': value => ({least: value, most: value}),
	'>=': value => ({least: value}),
	'>': (value, step) => ({least: value + step}),
	'<=': value => ({most: value}),
	'<': (value, step) => ({most: value - step}),
};

/** What all comparisons of a key leave. */
function rangeOf(filter: Filter, key: 'attempts' | 'age', step: number, whole: Range): Range {
	const parts = filter.terms.flatMap(({negated, wish}) => {
		if ((wish.kind !== 'number' && wish.kind !== 'age') || wish.key !== key) return [];
		const {comparison, value} = wish;
		if (!negated) return [ranges[comparison](value, step)];
		return comparison === '=' ? [] : [ranges[opposite[comparison]](value, step)];
	});
	return {
		least: Math.max(whole.least, ...parts.flatMap(({least}) => least ?? [])),
		most: Math.min(whole.most, ...parts.flatMap(part => part.most ?? [])),
	};
}

/** The id of 32 hex digits, with its dashes. */
function dashed(digits: string): string {
	return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The first id behind all that begin with these digits. */
function behind(digits: string): string {
	const next = (BigInt(`0x${digits}`) + 1n).toString(16).padStart(digits.length, '0');
	return next.length > digits.length ? highestId : dashed(next.padEnd(32, '0'));
}

/** The path of one term, when an index serves it. */
function pathOf(wish: Wish, now: number): AccessPath | undefined {
	if (wish.kind !== 'text' || wish.patterns.some(({pieces, whole}) => pieces.length > 1 && !whole)) return undefined;
	const texts = wish.patterns.map(({pieces}) => pieces[0] ?? '');
	if (wish.key === 'key') return {kind: 'key', keys: texts};
	if (wish.key === 'state') {
		const states = indexed.filter(state => texts.some(text => text.toLowerCase() === state));
		return states.length === new Set(texts.map(text => text.toLowerCase())).size ? {kind: 'state', states} : undefined;
	}
	if (wish.key !== 'id' || texts.length > 1) return undefined;
	const digits = (texts[0] ?? '').toLowerCase().replaceAll('-', '');
	if (!/^[\da-f]{1,32}$/.test(digits)) return undefined;
	if (digits.length === 32) return {kind: 'id', id: dashed(digits)};
	// Ids begin with their time: what would begin in the future is the end of one, as lists show it.
	const time = Number.parseInt(digits.padEnd(12, '0').slice(0, 12), 16);
	return time > now + day ? undefined : {kind: 'newest', from: dashed(digits.padEnd(32, '0')), before: behind(digits)};
}

const preference: readonly AccessPath['kind'][] = ['id', 'key', 'newest', 'state'];

/** Chooses how to search. `now` is about database time, milliseconds since the epoch: it tells ends of ids from beginnings. */
export function planSearch(filter: Filter, now: number): SearchPlan {
	const served = filter.terms.flatMap(term => {
		const path = term.negated ? undefined : pathOf(term.wish, now);
		return path === undefined ? [] : [{term, path}];
	});
	const rank = ({path}: {readonly path: AccessPath}) => preference.indexOf(path.kind);
	const best = [...served].sort((first, second) => rank(first) - rank(second))[0];
	const path = best?.path ?? {kind: 'newest', from: lowestId, before: highestId};
	const rest = filter.terms.filter(term => term !== best?.term);
	const wishes = rest.flatMap(term => wishOf(term) ?? []);
	const attempts = rangeOf(filter, 'attempts', 1, {least: 0, most});
	const age = rangeOf(filter, 'age', 0.001, {least: 0, most: Number.POSITIVE_INFINITY});
	const unasked = unknownTerm(filter, taskKeys);
	const queues: Filter = {...filter, terms: rest.filter(({wish}) => wish.kind === 'text' && wish.key === 'queue')};
	return {
		path,
		wishes,
		attempts,
		age: {least: age.least, most: age.most === Number.POSITIVE_INFINITY ? undefined : Math.max(0, age.most)},
		sifts: wishes.length > 0 || attempts.least > 1 || attempts.most < most || path.kind === 'state',
		// Of what no task has, none is found, and none is acted on.
		searches: queue => unasked === undefined && matches(queues, {texts: [], values: {queue}}),
	};
}
