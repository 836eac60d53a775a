import {filterKeys, keyNamed, taskKeys} from './keys.ts';
import {longestFilter} from './parse.ts';
import type {FilterDocument, FilterKey} from './syntax.ts';

/** Values to offer behind a key, the likeliest first; and the keys that there are, those of tasks unless told. */
export type Vocabulary = {readonly [Key in FilterKey | FilterDocument]?: readonly string[] | undefined} & {
	readonly keys?: ReadonlySet<FilterKey | FilterDocument> | undefined;
};

/** What could stand at the caret. */
export interface Completion {
	/** The part of the text that an option takes the place of, UTF-16 units. */
	readonly from: number;
	readonly to: number;
	/** Whole texts for that part: `state:`, `state:failed`. */
	readonly options: readonly string[];
}

/** As many fit on a line and can be read at a glance. */
const mostOptions = 12;

const documents: readonly FilterDocument[] = ['params', 'headers'];

/** Begins of a term, so that `age` leads on to `age>`. */
function openings(keys: Vocabulary['keys'] = taskKeys): readonly string[] {
	const has = (key: FilterKey | FilterDocument) => keys.has(key);
	return [
		...filterKeys.filter(({key}) => has(key)).map(({key, kind}) => (kind === 'text' ? `${key}:` : `${key}>`)),
		...documents.filter(has).map(document => `${document}.`),
	];
}

const examples: Readonly<Partial<Record<string, readonly string[]>>> = {
	age: ['1m', '10m', '1h', '1d', '7d'],
	attempts: ['2', '3', '5'],
};

/** A value as it has to be written: quoted where it holds what the language uses. */
export function writeValue(value: string): string {
	return /[\s",*\\]/u.test(value) || value === '' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : value;
}

/** A value from the database as it has to be written; control characters, which cannot be, may be anything. */
export function writeSafely(value: string): string {
	const pieces = value.split(/[\p{Cc}\p{Cs}]+/u);
	return pieces.map(piece => (piece === '' && pieces.length > 1 ? '' : writeValue(piece))).join('*');
}

/** The term that the caret is in. */
function termAt(text: string, caret: number): string {
	let quoted = false;
	let from = 0;
	for (let place = 0; place < caret; place++) {
		const character = text[place] ?? '';
		if (character === '\\' && quoted) place++;
		else if (character === '"') quoted = !quoted;
		else if (!quoted && /\s/u.test(character)) from = place + 1;
	}
	return text.slice(from, caret);
}

function beginning(candidates: readonly string[], typed: string): readonly string[] {
	const wanted = typed.toLowerCase();
	const unique = [...new Set(candidates)];
	const starts = unique.filter(each => each.toLowerCase().startsWith(wanted));
	const holds = unique.filter(each => !starts.includes(each) && each.toLowerCase().includes(wanted));
	return [...starts, ...(wanted === '' ? [] : holds)];
}

/** What Tab offers at the caret: keys at the start of a term, values behind a key. */
export function completeFilter(text: string, caret: number, vocabulary: Vocabulary): Completion {
	const term = termAt(text, caret);
	const bang = term.startsWith('!') ? '!' : '';
	const body = term.slice(bang.length);
	const from = caret - term.length;
	const split = /^(?<head>[A-Za-z_]+(?:\.[^\s:=<>"]*)?(?:>=|<=|[:=<>]))(?<before>(?:.*,)?)(?<typed>.*)$/u.exec(body);
	if (split === null) {
		const paths = [...(vocabulary.params ?? []), ...(vocabulary.headers ?? [])].map(path => `${path}:`);
		const options = beginning([...openings(vocabulary.keys), ...(body.includes('.') ? paths : [])], body);
		const started = options.filter(each => each.startsWith(body.toLowerCase()));
		return {from, to: caret, options: started.slice(0, mostOptions).map(each => bang + each)};
	}
	const {head = '', before = '', typed = ''} = split.groups ?? {};
	const definition = keyNamed(head.replace(/[:=<>]+$/, ''));
	const key = definition?.key;
	const values =
		key === undefined || vocabulary.keys?.has(key) === false
			? []
			: (definition?.known?.words ?? examples[key] ?? vocabulary[key] ?? []);
	const options = beginning(values, typed.replace(/^"/, ''))
		.map(value => bang + head + before + writeValue(value))
		.filter(option => option !== term && text.length - term.length + option.length <= longestFilter);
	return {from, to: caret, options: options.slice(0, mostOptions)};
}
