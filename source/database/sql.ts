import {quoteIdent} from './identifiers.ts';
import {listSqlFiles, readSqlFile} from './sql-files.ts';
import {type Part, parseTemplate} from './sql-template.ts';
import type {SqlValue, Statement} from './statement.ts';

const templates = new Map<string, readonly Part[]>();

function template(file: string): readonly Part[] {
	const known = templates.get(file);
	if (known) return known;
	const parts = parseTemplate(file, readSqlFile(`${file}.sql`));
	templates.set(file, parts);
	return parts;
}

/** Fills a parsed query file. Every variable must be given and every given one must be used, else it throws. */
export function fill(
	file: string,
	parts: readonly Part[],
	identifiers: Readonly<Record<string, string>>,
	values: Readonly<Record<string, SqlValue>>,
	target: string | undefined,
): Statement {
	const numbers = new Map<string, number>();
	const bound: SqlValue[] = [];
	const unused = new Set([...Object.keys(identifiers), ...Object.keys(values)]);
	const pieces = parts.map(part => {
		if (part.kind === 'text') return part.text;
		unused.delete(part.name);
		if (part.kind === 'identifier') {
			const name = Object.hasOwn(identifiers, part.name) ? identifiers[part.name] : undefined;
			if (name === undefined) throw new Error(`sql/${file}.sql needs the identifier :"${part.name}".`);
			return quoteIdent(name);
		}
		const value = Object.hasOwn(values, part.name) ? values[part.name] : undefined;
		if (value === undefined) throw new Error(`sql/${file}.sql needs the value :'${part.name}'.`);
		const number = numbers.get(part.name) ?? bound.push(value);
		numbers.set(part.name, number);
		return `$${number}`;
	});
	if (unused.size > 0) throw new Error(`sql/${file}.sql has no variable ${[...unused].join(', ')}.`);
	return {name: file.replace(/(?:\.\d+){3}$/, ''), target, text: pieces.join('').trim(), values: bound};
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
	return fill(file, template(file), identifiers, values, target);
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
