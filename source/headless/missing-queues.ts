import type {Snapshot} from '../monitor/snapshot.ts';

/** Which of the queues that were asked for the registry does not have. */
export function missingQueues(
	asked: readonly string[],
	queues: ReadonlyArray<{readonly name: string}>,
): readonly string[] {
	const there = new Set(queues.map(({name}) => name));
	return asked.filter(name => !there.has(name));
}

/** `There is no queue mial in jobs.` */
export function noSuchQueue(missing: readonly string[], database: string): string {
	const [what, names] = [missing.length === 1 ? 'is no queue' : 'are no queues', missing.join(', ')];
	return `There ${what} ${names} in ${database}.`;
}

/** The sentence for queues that were asked for and are not in a reading; undefined where all are, or nothing was read. */
export function missingSentence(asked: readonly string[], {at, queues, session}: Snapshot): string | undefined {
	if (at === undefined) return undefined;
	const missing = missingQueues(asked, queues);
	return missing.length === 0 ? undefined : noSuchQueue(missing, session?.database ?? 'this database');
}
