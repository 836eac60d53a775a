import {quoteIdent} from './identifiers.ts';
import {listSqlFiles, readSqlFile} from './sql-files.ts';
import {type Part, parseTemplate} from './sql-template.ts';
import type {SqlValue, Statement} from './statement.ts';

/** A parsed query file, and the names of its variables in the order in which they are met. */
interface Template {
	readonly parts: readonly Part[];
	readonly identifiers: readonly string[];
	readonly values: readonly string[];
}

function templateOf(parts: readonly Part[]): Template {
	const names = (kind: Part['kind']) => [
		...new Set(parts.flatMap(part => (part.kind !== 'text' && part.kind === kind ? [part.name] : []))),
	];
	return {parts, identifiers: names('identifier'), values: names('value')};
}

const files = new Map<string, {readonly name: string; readonly template: Template}>();

/** A query file, read and parsed when it is first needed. */
function known(file: string) {
	const before = files.get(file);
	if (before) return before;
	const read = {name: nameOf(file), template: templateOf(parseTemplate(file, readSqlFile(`${file}.sql`)))};
	files.set(file, read);
	return read;
}

/** What is given for the names, in their order; throws where something is missing. */
function given<Value>(
	file: string,
	names: readonly string[],
	record: Readonly<Record<string, Value>>,
	spell: (name: string) => string,
): Value[] {
	return names.map(name => {
		const value = Object.hasOwn(record, name) ? record[name] : undefined;
		if (value === undefined) throw new Error(`sql/${file}.sql needs the ${spell(name)}.`);
		return value;
	});
}

function textOf({parts, values}: Template, quoted: ReadonlyMap<string, string>): string {
	const pieces = parts.map(part => {
		if (part.kind === 'text') return part.text;
		return part.kind === 'identifier' ? quoted.get(part.name) : `$${values.indexOf(part.name) + 1}`;
	});
	return pieces.join('').trim();
}

/** So many texts are kept, a few kilobytes each: the hot queues are asked the same in every tick. */
const capacity = 1024;

const texts = new Map<string, string>();

/** A text that was made before, or the one that `make` makes. */
function keptText(key: string, make: () => string): string {
	const known = texts.get(key);
	if (known !== undefined) return known;
	// A map keeps its order of insertion: the first key is the oldest.
	const [oldest] = texts.size < capacity ? [] : texts.keys();
	if (oldest !== undefined) texts.delete(oldest);
	const text = make();
	texts.set(key, text);
	return text;
}

/** How a text is come by, from its key: made, or kept from before. */
type Keep = (key: string, make: () => string) => string;

function filled(
	file: string,
	template: Template,
	identifiers: Readonly<Record<string, string>>,
	values: Readonly<Record<string, SqlValue>>,
	keep: Keep,
): Pick<Statement, 'text' | 'values'> {
	const names = given(file, template.identifiers, identifiers, name => `identifier :"${name}"`).map(quoteIdent);
	const bound = given(file, template.values, values, name => `value :'${name}'`);
	const unused = [
		...Object.keys(identifiers).filter(name => !template.identifiers.includes(name)),
		...Object.keys(values).filter(name => !template.values.includes(name)),
	];
	if (unused.length > 0) throw new Error(`sql/${file}.sql has no variable ${unused.join(', ')}.`);
	// Quoted names with a comma between them: no two lists of names read alike.
	const text = keep(`${file} ${names.join(',')}`, () =>
		textOf(template, new Map(template.identifiers.map((name, index) => [name, names[index] ?? '']))),
	);
	return {text, values: bound};
}

/** The query's name: that of its file without the release that a variant of it is for. */
function nameOf(file: string): string {
	return file.replace(/(?:\.\d+){3}$/, '');
}

/** Fills a parsed query file. Every variable must be given and every given one must be used, else it throws. */
export function fill(
	file: string,
	parts: readonly Part[],
	identifiers: Readonly<Record<string, string>>,
	values: Readonly<Record<string, SqlValue>>,
	target: string | undefined,
): Statement {
	const made = filled(file, templateOf(parts), identifiers, values, (_key, make) => make());
	return {name: nameOf(file), target, ...made};
}

/**
 * Makes a statement from `sql/<file>.sql`: `:"name"` becomes a quoted identifier, `:'name'` a bound parameter (the
 * file writes its cast). `target` says what it is for (a queue's name), so that an error can be attributed.
 */
export function statement(
	file: string,
	identifiers: Readonly<Record<string, string>>,
	values: Readonly<Record<string, SqlValue>>,
	target?: string,
): Statement {
	const {name, template} = known(file);
	return {name, target, ...filled(file, template, identifiers, values, keptText)};
}

/** Compares releases like `0.1.0`, missing parts counting as 0: negative, 0 or positive. */
export function compareReleases(left: string, right: string): number {
	const [a, b] = [left, right].map(release => release.split('.').map(Number));
	const length = Math.max(a?.length ?? 0, b?.length ?? 0);
	for (let index = 0; index < length; index++) {
		const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

/**
 * The file to use on a schema: `name.sql` works on every release of Absurd, `name.0.1.0.sql` beside it is used from
 * that release on. Answers the name to give to `statement`.
 */
export function variantFor(name: string, release: string, files: readonly string[] = listSqlFiles()): string {
	const usable = files
		.filter(file => file.startsWith(`${name}.`) && /^\.\d+\.\d+\.\d+\.sql$/.test(file.slice(name.length)))
		.map(file => file.slice(name.length + 1, -'.sql'.length))
		.filter(version => compareReleases(version, release) <= 0)
		.sort(compareReleases);
	const newest = usable.at(-1);
	return newest === undefined ? name : `${name}.${newest}`;
}
