import type {State} from '../snapshot.ts';
import type {FilterDocument, FilterKey} from './syntax.ts';

/** A key of the filter language, for parser, completion and help. */
export interface KeyDefinition {
	readonly key: FilterKey;
	/** Other words for it. */
	readonly aliases: readonly string[];
	readonly kind: 'text' | 'number' | 'age';
	/** How a text without a star is meant. */
	readonly match: 'whole' | 'start' | 'contains' | 'ends';
	/** The only words that it knows, and what they are called together; absent = any text. */
	readonly known?: {readonly words: readonly string[]; readonly plural: string} | undefined;
	/** An example, and what it finds. */
	readonly example: string;
	readonly meaning: string;
}

/** The states that `state:` knows. */
export const filterStates: readonly State[] = ['pending', 'running', 'sleeping', 'completed', 'failed', 'cancelled'];

/** All keys, in the order of help and completion. */
export const filterKeys: readonly KeyDefinition[] = [
	{
		key: 'state',
		aliases: [],
		kind: 'text',
		match: 'whole',
		known: {words: filterStates, plural: 'states'},
		example: 'state:failed,running',
		meaning: 'tasks in one of these states',
	},
	{
		key: 'name',
		aliases: ['task'],
		kind: 'text',
		match: 'whole',
		example: 'name:send-*',
		meaning: 'name of the task; * stands for anything',
	},
	{key: 'queue', aliases: [], kind: 'text', match: 'whole', example: 'queue:mail', meaning: 'name of the queue'},
	{
		key: 'age',
		aliases: [],
		kind: 'age',
		match: 'whole',
		example: 'age>10m',
		meaning:
			'time since it was enqueued (claims: claimed, failures: failed, events: awaited or emitted, workers: last claim): s m h d w',
	},
	{
		key: 'attempts',
		aliases: ['attempt'],
		kind: 'number',
		match: 'whole',
		example: 'attempts>=3',
		meaning: 'number of the last attempt',
	},
	{
		key: 'worker',
		aliases: [],
		kind: 'text',
		match: 'start',
		example: 'worker:w-7',
		meaning: 'who holds or held the last run: what the name begins with',
	},
	{
		key: 'error',
		aliases: [],
		kind: 'text',
		match: 'contains',
		example: 'error:timeout',
		meaning: 'name or message of the last attempt’s error holds this',
	},
	{
		key: 'id',
		aliases: [],
		kind: 'text',
		match: 'ends',
		example: 'id:0199 id:f24ab5',
		meaning: 'id of the task or its last run: how it begins or ends',
	},
	{key: 'key', aliases: [], kind: 'text', match: 'whole', example: 'key:order-7', meaning: 'idempotency key'},
	{
		key: 'rule',
		aliases: [],
		kind: 'text',
		match: 'start',
		example: 'rule:stale',
		meaning: 'in the Doctor: the id of the check, what it begins with',
	},
	{
		key: 'severity',
		aliases: [],
		kind: 'text',
		match: 'whole',
		known: {words: ['critical', 'warning', 'unknown', 'fine'], plural: 'severities'},
		example: 'severity:critical',
		meaning: 'in the Doctor: what the check says: critical, warning, unknown or fine',
	},
	{
		key: 'action',
		aliases: [],
		kind: 'text',
		match: 'whole',
		known: {words: ['retry', 'cancel', 'spawn', 'emit'], plural: 'actions'},
		example: 'action:retry',
		meaning: 'in the log: what was done: retry, cancel, spawn or emit',
	},
	{
		key: 'outcome',
		aliases: [],
		kind: 'text',
		match: 'whole',
		known: {words: ['running', 'done', 'failed', 'unknown'], plural: 'outcomes'},
		example: 'outcome:failed',
		meaning: 'in the log: what became of it: running, done, failed or unknown',
	},
];

/** What tasks can be asked for: the keys that the database answers. */
export const taskKeys: ReadonlySet<FilterKey | FilterDocument> = new Set([
	'state',
	'name',
	'queue',
	'age',
	'attempts',
	'worker',
	'error',
	'id',
	'key',
	'params',
	'headers',
]);

const byName = new Map(
	filterKeys.flatMap(definition => [definition.key, ...definition.aliases].map(name => [name, definition])),
);

/** The key that a word names, whatever its case; undefined = none. */
export function keyNamed(word: string): KeyDefinition | undefined {
	return byName.get(word.toLowerCase());
}

/** Edits between two short words, for `did you mean`. */
function distance(first: string, second: string): number {
	let row = Array.from({length: second.length + 1}, (_, index) => index);
	for (const [index, letter] of [...first].entries()) {
		const next = [index + 1];
		for (let place = 1; place <= second.length; place++) {
			const swap = (row[place - 1] ?? 0) + (letter === second[place - 1] ? 0 : 1);
			next.push(Math.min(swap, (row[place] ?? 0) + 1, (next[place - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[second.length] ?? 0;
}

/** The word of a list that was probably meant; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
	const wanted = word.toLowerCase().slice(0, 40);
	const begun = candidates.find(candidate => wanted !== '' && candidate.startsWith(wanted));
	if (begun !== undefined) return begun;
	const ranked = candidates.map(candidate => ({candidate, far: distance(wanted, candidate)}));
	const best = ranked.sort((first, second) => first.far - second.far)[0];
	return best !== undefined && best.far <= 2 ? best.candidate : undefined;
}
