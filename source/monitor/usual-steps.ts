import type {CheckpointSnapshot} from './run-detail.ts';
import type {Duration, Instant} from './snapshot.ts';

/** The checkpoints of one finished task, oldest first. */
export type FinishedSteps = ReadonlyArray<{
	readonly name: string;
	readonly ownerRunId: string | undefined;
	readonly updatedAt: Instant;
}>;

/** What a running task is probably doing, told from finished ones of the same name: a guess, to be marked as one. */
export interface LikelyStep {
	readonly name: string;
	/** How long that step usually takes: the median; undefined where it followed a pause or another attempt. */
	readonly usual: Duration | undefined;
	/** How many of how many finished tasks went on like this. */
	readonly agree: number;
	readonly of: number;
}

/** `iteration` for `iteration#17`: a loop's steps are one step for this purpose. */
function baseOf(name: string): string {
	return name.replace(/#\d+$/, '');
}

interface Successor {
	readonly name: string;
	readonly took: Duration | undefined;
}

/** What came after a step; null when that step was the last one, undefined when there was no such step. */
function after(steps: FinishedSteps, name: string | undefined, key: (name: string) => string) {
	const index = name === undefined ? -1 : steps.findIndex(step => key(step.name) === key(name));
	if (index < 0 && name !== undefined) return undefined;
	const [before, next] = [steps[index], steps[index + 1]];
	if (!next) return null;
	const took = before && before.ownerRunId === next.ownerRunId ? next.updatedAt - before.updatedAt : undefined;
	return {name: key(next.name), took} satisfies Successor;
}

function median(values: readonly number[]): number | undefined {
	return [...values].sort((first, second) => first - second)[Math.floor(values.length / 2)];
}

function vote(
	tasks: readonly FinishedSteps[],
	name: string | undefined,
	key: (name: string) => string,
): LikelyStep | undefined {
	const found = tasks.map(steps => after(steps, name, key)).filter(next => next !== undefined);
	const groups = new Map<string, Successor[]>();
	for (const next of found) {
		if (next) groups.set(next.name, [...(groups.get(next.name) ?? []), next]);
	}
	const [best] = [...groups.values()].sort((first, second) => second.length - first.length);
	// Where most tasks end after this step nothing can be said.
	if (!best?.[0] || best.length * 2 < found.length) return undefined;
	const usual = median(best.flatMap(({took}) => (took === undefined ? [] : [took])));
	return {name: best[0].name, usual, agree: best.length, of: found.length};
}

/**
 * The step that usually comes after the newest checkpoint of a task; without one, the step that usually comes first. When no
 * finished task has that checkpoint the number behind its name is left out.
 */
export function likelyStep(
	tasks: readonly FinishedSteps[],
	checkpoints: ReadonlyArray<Pick<CheckpointSnapshot, 'name'>>,
): LikelyStep | undefined {
	const last = checkpoints.at(-1)?.name;
	return vote(tasks, last, name => name) ?? (last === undefined ? undefined : vote(tasks, last, baseOf));
}
