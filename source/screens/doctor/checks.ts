import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import type {TableSpec} from '../../components/table.ts';
import type {FilterDocument, FilterKey} from '../../monitor/filter/syntax.ts';
import type {Check, Finding, Severity} from '../../monitor/snapshot.ts';
import type {Tone} from '../../terminal/theme.ts';

/** What a check says: it holds (how badly), it cannot be known everywhere, or all is well. */
export type CheckState = 'critical' | 'warning' | 'unknown' | 'fine';

export function stateOf({findings, unknown}: Check): CheckState {
	const [worst] = findings;
	return worst?.severity ?? (unknown.length > 0 ? 'unknown' : 'fine');
}

const words: Readonly<Record<CheckState, string>> = {
	critical: 'holds',
	warning: 'holds',
	unknown: 'unknown',
	fine: 'fine',
};
const tones: Readonly<Record<CheckState, Tone>> = {critical: 'error', warning: 'warning', unknown: 'dim', fine: 'ok'};
const order: readonly CheckState[] = ['critical', 'warning', 'unknown', 'fine'];

/** A finding with the queue that it is about. */
export function findingText({queue, sentence}: Finding): string {
	return queue === undefined || sentence.startsWith(queue) ? sentence : `${queue}: ${sentence}`;
}

function sayText({findings, unknown}: Check): string {
	const [worst] = findings;
	if (worst !== undefined) return `${findings.length > 1 ? `${findings.length}× ` : ''}${findingText(worst)}`;
	const [first] = unknown;
	return first === undefined ? '' : `${first.queue === undefined ? '' : `${first.queue}: `}${first.reason}`;
}

const columns: readonly Column<Check, undefined>[] = [
	{
		id: 'state',
		title: 'says',
		width: 7,
		align: 'left',
		text: check => words[stateOf(check)],
		tone: check => tones[stateOf(check)],
		sort: undefined,
	},
	{
		id: 'title',
		title: 'looked for',
		width: 26,
		grow: 2,
		max: 62,
		align: 'left',
		text: check => check.title,
		sort: undefined,
	},
	{
		id: 'finding',
		title: 'found',
		width: 24,
		grow: 3,
		align: 'left',
		text: sayText,
		tone: check => tones[stateOf(check)],
		sort: undefined,
	},
];

const glyphs: Readonly<Record<CheckState, Severity | 'none'>> = {
	critical: 'critical',
	warning: 'warning',
	unknown: 'none',
	fine: 'ok',
};

/** All checks: those that hold first, then those that cannot be known, then the rest, each in the order of the rules. */
export const checkTable: TableSpec<Check, undefined> & ListSpec<Check, undefined> = {
	columns,
	id: check => check.rule,
	// Sorting is stable, so the order of the rules stays inside each state.
	compare: (first, second) => order.indexOf(stateOf(first)) - order.indexOf(stateOf(second)),
	texts: check => [
		check.rule,
		check.title,
		...check.findings.map(findingText),
		...check.unknown.map(({reason}) => reason),
	],
	values: check => ({
		rule: check.rule,
		severity: stateOf(check),
		queue: [...check.findings, ...check.unknown].flatMap(({queue}) => queue ?? []),
	}),
	gone: id => `check ${id} is gone`,
	marker: (check, _context, theme) => ({glyph: theme.glyph[glyphs[stateOf(check)]], tone: tones[stateOf(check)]}),
};

/** The keys of the filter language that checks have. */
export const checkKeys: ReadonlySet<FilterKey | FilterDocument> = new Set(['rule', 'severity', 'queue']);
