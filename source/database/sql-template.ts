/** One piece of a query file: text as it is, or a variable of psql that the loader fills. */
export type Part =
	| {readonly kind: 'text'; readonly text: string}
	/** `:"name"`: becomes a quoted identifier. */
	| {readonly kind: 'identifier'; readonly name: string}
	/** `:'name'`: becomes a bound parameter. */
	| {readonly kind: 'value'; readonly name: string};

/** What a token of SQL is, as far as templates and the lint care. */
export type TokenKind = 'comment' | 'literal' | 'identifier' | 'value' | 'semicolon' | 'refused' | 'plain';

export interface Token {
	readonly kind: TokenKind;
	readonly text: string;
	/** Name of the variable, for `identifier` and `value`. */
	readonly name: string | undefined;
}

// Order matters: at a colon the variables come before the quotes that they contain, `::` before `:name`.
const token = new RegExp(
	[
		String.raw`(?<comment>--[^\n]*|/\*[\s\S]*?\*/)`,
		String.raw`(?<literal>(?<![\w$])[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w$])(?<quote>\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\k<quote>)`,
		String.raw`:"(?<identifier>\w+)"`,
		String.raw`:'(?<value>\w+)'`,
		'(?<semicolon>;)',
		'(?<plain>::|:=)',
		// What psql would fill as well (`:name`, `:{?name}`), the server's own `$1`, and what was opened and never closed.
		String.raw`(?<refused>:[\w{'"]\w*|(?<![\w$])\$\d+|['"]|/\*)`,
	].join('|'),
	'g',
);

const kinds: readonly TokenKind[] = ['comment', 'literal', 'identifier', 'value', 'semicolon', 'refused', 'plain'];

/** Cuts SQL into tokens; everything between the interesting ones is `plain`. Nested comments are not understood. */
export function tokenize(sql: string): readonly Token[] {
	const tokens: Token[] = [];
	let end = 0;
	for (const match of sql.matchAll(token)) {
		if (match.index > end) tokens.push({kind: 'plain', text: sql.slice(end, match.index), name: undefined});
		const groups: Record<string, string | undefined> = match.groups ?? {};
		const kind = kinds.find(each => groups[each] !== undefined) ?? 'plain';
		tokens.push({kind, text: match[0], name: kind === 'identifier' || kind === 'value' ? groups[kind] : undefined});
		end = match.index + match[0].length;
	}
	if (end < sql.length) tokens.push({kind: 'plain', text: sql.slice(end), name: undefined});
	return tokens;
}

function refuse(file: string, what: string): never {
	throw new Error(`sql/${file}.sql: ${what}`);
}

/**
 * Reads a query file of one statement with psql variables. Comments and the closing semicolon are left out. Throws on
 * any other kind of variable and on a second statement.
 */
export function parseTemplate(file: string, sql: string): readonly Part[] {
	const parts: Part[] = [];
	let ended = false;
	for (const {kind, text, name} of tokenize(sql)) {
		if (kind === 'comment') continue;
		if (kind === 'refused') refuse(file, `${text} is not allowed; write :"name" for a table and :'name' for a value.`);
		if (ended && text.trim() !== '') refuse(file, 'a file holds one statement.');
		if (kind === 'semicolon') ended = true;
		else if (name !== undefined) parts.push({kind: kind === 'identifier' ? kind : 'value', name});
		else parts.push({kind: 'text', text});
	}
	return parts;
}
