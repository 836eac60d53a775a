import {parseTemplate, tokenize} from './sql-template.ts';

/** A part of a query between its own parentheses; what stands in inner ones is its own region. */
interface Region {
	text: string;
}

/** Cuts a query into regions, the whole first. */
function regions(sql: string): readonly Region[] {
	const whole: Region = {text: ''};
	const all = [whole];
	const open = [whole];
	for (const character of sql) {
		const here = open.at(-1) ?? whole;
		if (character === '(') {
			const inner: Region = {text: ''};
			all.push(inner);
			open.push(inner);
			here.text += '(';
		} else if (character === ')') {
			open.pop();
			const outer = open.at(-1) ?? whole;
			outer.text += ')';
		} else here.text += character;
	}
	return all;
}

/** The query without comments, and with literals emptied: what rules may look at. */
function bare(sql: string): string {
	return tokenize(sql)
		.map(({kind, text}) => {
			if (kind === 'comment') return ' ';
			return kind === 'literal' ? `${text[0] ?? "'"}${text.at(-1) ?? "'"}` : text;
		})
		.join('')
		.toLowerCase();
}

const aggregate = /\b(?:count|min|max|sum|avg|string_agg|array_agg|percentile_cont)\(/;
const queueTable = /\babsurd\.:"/;

/** One rule: answers what is wrong, undefined when nothing is. */
type Rule = (sql: string, code: string) => string | undefined;

const rules: readonly Rule[] = [
	sql => {
		const header = /^(?:--[^\n]*\n)+/.exec(sql)?.[0] ?? '';
		if (header === '') return 'it begins with a comment that says what it answers.';
		if (!/\bparameters:/i.test(header)) return 'its comment lists the parameters (or "Parameters: none").';
		return /\b(?:index(?:es)?|keys?|catalogue|shared memory|no table)\b/i.test(header)
			? undefined
			: 'its comment says which index or key serves it, and why its cost is bounded.';
	},
	(_sql, code) =>
		/\bselect\s+(?:all\s+|distinct\s+)?\*|\w\.\*/.test(code) ? 'columns are named, never *.' : undefined,
	(_sql, code) => {
		const outside = code.replace(/\(\s*select\s+absurd\.current_time\(\)(?:\s+as\s+\w+)?\s*\)/g, '');
		return outside.includes('current_time()')
			? 'current_time() stands only inside a scalar sub-select: (select absurd.current_time()).'
			: undefined;
	},
	(_sql, code) =>
		regions(code).some(({text}) => aggregate.test(text) && queueTable.test(text))
			? 'an aggregate stands only over a sub-select with a limit, never over a table of a queue.'
			: undefined,
	(_sql, code) =>
		regions(code).some(({text}) => queueTable.test(text) && !/\blimit\b/.test(text))
			? 'a select from a table of a queue has its own limit.'
			: undefined,
	sql => {
		const tokens = tokenize(sql);
		const uncast = tokens.find(({kind}, index) => kind === 'value' && tokens[index + 1]?.text !== '::');
		return uncast && `${uncast.text} is followed by its cast, :'name'::type.`;
	},
];

/** What is wrong with a query file, one sentence each. `file` is its name without ending. */
export function checkSql(file: string, sql: string): readonly string[] {
	try {
		parseTemplate(file, sql);
	} catch (error) {
		return [error instanceof Error ? error.message : String(error)];
	}
	const code = bare(sql);
	return rules.flatMap(rule => {
		const problem = rule(sql, code);
		return problem === undefined ? [] : [`sql/${file}.sql: ${problem}`];
	});
}
