import type {CheckpointSnapshot} from './run-detail.ts';
import type {Duration, Instant} from './snapshot.ts';

/** A run as far as its checkpoints' durations depend on it. */
export interface RunTimes {
	readonly runId: string;
	readonly attempt: number;
	/** Its last claim. */
	readonly startedAt: Instant | undefined;
}

type Checkpoint = Omit<CheckpointSnapshot, 'duration'>;

/** State that the SDKs write when a task goes to sleep: the time when it wants to be woken, as a JSON string. */
const wakeTime = /^"(\d{4}-\d\d-\d\dT\d\d:\d\d[^"]*)"$/;

const awaitEvent = '$awaitEvent:';

/** When the timer behind a checkpoint wakes the task; undefined when it is none, or a time that had already passed. */
export function wakeTimeOf({state, updatedAt}: Pick<Checkpoint, 'state' | 'updatedAt'>): Instant | undefined {
	const text = state?.complete === true ? wakeTime.exec(state.text)?.[1] : undefined;
	const at = text === undefined ? Number.NaN : Date.parse(text);
	return at > updatedAt ? at : undefined;
}

/** The event that a checkpoint was waiting for; undefined when it is another kind of step. */
export function eventOf(name: string): string | undefined {
	return name.startsWith(awaitEvent) ? name.slice(awaitEvent.length) : undefined;
}

/** A checkpoint that stands for a sleep or a wait, after which the run was claimed anew. */
export function isPause(checkpoint: Pick<Checkpoint, 'name' | 'state' | 'updatedAt'>): boolean {
	return eventOf(checkpoint.name) !== undefined || wakeTimeOf(checkpoint) !== undefined;
}

function ownDuration(
	checkpoint: Checkpoint,
	before: Checkpoint | undefined,
	run: RunTimes | undefined,
	firstStartedAt: Instant | undefined,
): Duration | undefined {
	const at = checkpoint.updatedAt;
	// Whoever emitted the event wrote it; the run slept.
	if (eventOf(checkpoint.name) !== undefined) return undefined;
	const claimedAt = run?.startedAt;
	if (claimedAt !== undefined && at >= claimedAt && (!before || before.updatedAt < claimedAt)) return at - claimedAt;
	if (before) return isPause(before) ? undefined : at - before.updatedAt;
	// An earlier claim of this run is not recorded, but for the very first one of the task.
	return run?.attempt === 1 && firstStartedAt !== undefined && at >= firstStartedAt ? at - firstStartedAt : undefined;
}

/**
 * Gives each checkpoint the time that its step took: since the checkpoint before it in the same run, or since the claim.
 * undefined where a sleep, a wait or a claim that is not recorded lies in between. Takes and answers oldest first.
 */
export function withDurations(
	checkpoints: readonly Checkpoint[],
	runs: readonly RunTimes[],
	firstStartedAt: Instant | undefined,
): CheckpointSnapshot[] {
	const byId = new Map(runs.map(run => [run.runId, run]));
	const last = new Map<string, Checkpoint>();
	return checkpoints.map(checkpoint => {
		const owner = checkpoint.ownerRunId ?? '';
		const duration = ownDuration(checkpoint, last.get(owner), byId.get(owner), firstStartedAt);
		last.set(owner, checkpoint);
		return {...checkpoint, duration};
	});
}
