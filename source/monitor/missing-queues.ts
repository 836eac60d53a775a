/** Which of the queues that were asked for the registry does not have. */
export function missingQueues(
	asked: readonly string[],
	queues: ReadonlyArray<{readonly name: string}>,
): readonly string[] {
	if (asked.length === 0) return [];
	const there = new Set(queues.map(({name}) => name));
	return asked.filter(name => !there.has(name));
}

/** `There is no queue mial in jobs.` */
export function noSuchQueue(missing: readonly string[], database: string): string {
	const what = missing.length === 1 ? 'is no queue' : 'are no queues';
	return `There ${what} ${missing.join(', ')} in ${database}.`;
}
