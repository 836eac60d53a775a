import type {Vocabulary} from '../monitor/filter/complete.ts';
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
