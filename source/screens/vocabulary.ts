import type {Vocabulary} from '../monitor/filter/complete.ts';
import type {FilterValues} from '../monitor/filter/match.ts';
import type {FilterDocument, FilterKey} from '../monitor/filter/syntax.ts';
import type {Snapshot} from '../monitor/snapshot.ts';

const known = new WeakMap<Snapshot, Vocabulary>();

function sorted(values: readonly string[]): readonly string[] {
	return [...new Set(values)].sort();
}

function collect({queues, claims, failures}: Snapshot): Vocabulary {
	return {
		queue: sorted(queues.map(({name}) => name)),
		name: sorted([...claims, ...failures].map(({taskName}) => taskName)),
		worker: sorted([...claims, ...failures].flatMap(({worker}) => worker ?? [])),
		error: sorted(failures.map(({errorName}) => errorName)),
	};
}

/** What Tab can offer from what is on the screens anyway: it costs no query. */
export function vocabularyOf(snapshot: Snapshot): Vocabulary {
	const found = known.get(snapshot) ?? collect(snapshot);
	known.set(snapshot, found);
	return found;
}

/** Keys whose values are worth offering, and what of a value is offered: of an error its name. */
const offered: ReadonlyArray<readonly [key: FilterKey, part: (value: string) => string]> = [
	['queue', value => value],
	['name', value => value],
	['worker', value => value],
	['error', value => value.split(': ')[0] ?? value],
	['key', value => value],
];

/** What Tab offers in a list: the keys that its rows have, and behind them what the rows say, else what the screens say. */
export function listVocabulary(
	keys: ReadonlySet<FilterKey | FilterDocument>,
	rows: readonly FilterValues[],
	snapshot: Snapshot,
): Vocabulary {
	const common = vocabularyOf(snapshot);
	const own = offered.flatMap(([key, part]) => {
		const values = rows.flatMap(row => row[key] ?? []).map(value => part(String(value)));
		return values.length === 0 ? [] : [[key, sorted(values)] as const];
	});
	return {...common, ...Object.fromEntries(own), keys};
}
