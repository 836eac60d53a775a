import type {Binding, Scope} from './binding.ts';
import {bindings} from './bindings.ts';
import {keyLabel} from './label.ts';

/** What each group of keys is called, in help and README, in this order. */
export const groups: readonly (readonly [group: Binding['group'], title: string])[] = [
	['move', 'Move'],
	['act', 'Act'],
	['look', 'Look'],
	['program', 'Program'],
];

const places: Readonly<Partial<Record<Scope, string>>> = {
	overview: 'overview',
	queue: 'queue page',
	failures: 'failures',
	tasks: 'tasks',
	run: 'run detail',
	findings: 'findings',
	filters: 'saved filters',
	prompt: 'filter',
	dialog: 'dialog',
	form: 'form',
};

/** Where keys of a scope live, in words: `in run detail`. */
export function placeOf(scope: Scope): string {
	return scope === 'table'
		? 'where rows are filtered'
		: scope === 'list'
			? 'where a list is shown'
			: `in ${places[scope] ?? scope}`;
}

/** All keys of a binding as people write them: `j ↓`. */
export function keysLabel(binding: Binding): string {
	return binding.keys.map(keyLabel).join(' ');
}

/** The key map as a table in Markdown, for the README. Popups that only show scroll like lists and are left out. */
export function keyTable(): string {
	const rows = groups.flatMap(([group]) =>
		bindings
			.filter(binding => binding.group === group && binding.scope !== 'help')
			.map(binding => {
				const keys = binding.keys.map(key => `\`${keyLabel(key)}\``).join(' ');
				const place = places[binding.scope];
				return `| ${keys} | ${binding.title}${place === undefined ? '' : ` (${place})`} |`;
			}),
	);
	return ['| key | does |', '|---|---|', ...rows].join('\n');
}

const start = '<!-- keys: made by scripts/key-table.ts -->';
const end = '<!-- end of keys -->';

/** Puts the table between its marks; answers the text unchanged where it has none. */
export function insertKeyTable(text: string): string {
	const from = text.indexOf(start);
	const to = text.indexOf(end);
	if (from === -1 || to < from) return text;
	return `${text.slice(0, from + start.length)}\n${keyTable()}\n${text.slice(to)}`;
}
