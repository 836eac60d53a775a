import type {RunDetail, RunSnapshot} from './run-detail.ts';
import type {Duration} from './snapshot.ts';
import {isPause} from './step-durations.ts';

/** Steps that an attempt did not run again because earlier ones had saved them. */
export interface SavedSteps {
	/** Who saved which, the earliest attempt first; `attempt` undefined where its run is no longer known. */
	readonly by: readonly {readonly attempt: number | undefined; readonly names: readonly string[]}[];
	/** How long they had taken, as far as that is known. */
	readonly time: Duration;
	/** Steps among them whose duration is not known. */
	readonly unknown: number;
}

/** What a claimed attempt was spared; undefined when nothing. Sleeps and waits do not count as steps. */
export function savedSteps(run: RunSnapshot, {runs, checkpoints}: RunDetail): SavedSteps | undefined {
	if (run.startedAt === undefined || run.attempt === 1) return undefined;
	const attempts = new Map(runs.map(each => [each.runId, each.attempt]));
	const names = new Map<number | undefined, string[]>();
	let time = 0;
	let unknown = 0;
	for (const checkpoint of checkpoints) {
		const attempt = attempts.get(checkpoint.ownerRunId ?? '');
		if (isPause(checkpoint) || (attempt !== undefined && attempt >= run.attempt)) continue;
		names.set(attempt, [...(names.get(attempt) ?? []), checkpoint.name]);
		if (checkpoint.duration === undefined) unknown++;
		time += checkpoint.duration ?? 0;
	}
	const by = [...names].map(([attempt, each]) => ({attempt, names: each}));
	by.sort((first, second) => (first.attempt ?? 0) - (second.attempt ?? 0));
	return by.length === 0 ? undefined : {by, time, unknown};
}
