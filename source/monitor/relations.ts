import type {CheckpointSnapshot} from './run-detail.ts';
import type {Instant, RunRef, State} from './snapshot.ts';

/** A task that another one leads to. */
export interface RelatedTask extends RunRef {
	readonly taskName: string;
	readonly state: State;
	readonly enqueuedAt: Instant;
	/** Its idempotency key, where it was found by that. */
	readonly key: string | undefined;
}

/** The tasks around a task. */
export interface Relations {
	/** Those it has awaited, by their id; null = in none of the queues that can be read. */
	readonly children: ReadonlyMap<string, RelatedTask | null>;
	/** Those that have awaited it; undefined = nobody has asked yet. */
	readonly parents: readonly RelatedTask[] | undefined;
	/** Those with a key of the same family, in the order of the keys, without itself. */
	readonly family: readonly RelatedTask[];
}

const awaitResult = '$awaitTaskResult:';

/** The id of the task that a checkpoint awaited; undefined when it is another kind of step. */
export function awaitedTask({name}: Pick<CheckpointSnapshot, 'name'>): string | undefined {
	return /^\$awaitTaskResult:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:#\d+)?$/i.exec(name)?.[1]?.toLowerCase();
}

/** The name of the checkpoint that awaits a task. */
export function awaitStep(taskId: string): string {
	return awaitResult + taskId;
}

/**
 * What the keys of a family have in common: `order` of `order-4711`, `report` of `report:2026-11-20`, the part before the
 * last separator otherwise. undefined when nothing is left.
 */
export function keyFamily(key: string): string | undefined {
	const counted = key.replace(/[\s:/#|._-]*\d[\d:TZ/.+_-]*$/, '');
	const stem = counted === key ? key.replace(/[:/#|._-][^:/#|._-]*$/, '') : counted;
	return stem === '' || stem === key ? undefined : stem;
}

/** Whether two keys are of one family. */
export function sameFamily(first: string, second: string): boolean {
	const family = keyFamily(first);
	return family !== undefined && family === keyFamily(second);
}
