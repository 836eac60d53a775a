import type {CheckpointSnapshot, RunDetail, RunSnapshot} from './run-detail.ts';
import type {Instant} from './snapshot.ts';
import {eventOf, wakeTimeOf} from './step-durations.ts';
import {type Lane, Track} from './timeline-track.ts';

interface Span {
	readonly from: Instant;
	readonly now: Instant;
}

function ownCheckpoints(run: RunSnapshot, {checkpoints}: RunDetail): readonly CheckpointSnapshot[] {
	return checkpoints.filter(({ownerRunId}) => ownerRunId === run.runId);
}

/**
 * When a run was claimed first; undefined when it was not, or when that is not recorded: only the last claim of a run is,
 * and the first one of a task.
 */
export function firstClaimOf(run: RunSnapshot, detail: RunDetail): Instant | undefined {
	const {startedAt} = run;
	if (startedAt === undefined) return undefined;
	if (run.attempt === 1 && detail.firstStartedAt !== undefined) return Math.min(detail.firstStartedAt, startedAt);
	const claimedBefore =
		run.eventPayload !== undefined ||
		(run.state === 'running' && run.wakeEvent !== undefined) ||
		ownCheckpoints(run, detail).some(({updatedAt}) => updatedAt < startedAt);
	return claimedBefore ? undefined : startedAt;
}

/** Up to a claim that lies between here and `until`: after a pause it was due and waited for a worker. */
function reclaim(track: Track, run: RunSnapshot, paused: boolean, until: Instant): boolean {
	const {startedAt, wakeEvent} = run;
	if (startedAt === undefined || startedAt <= track.at || startedAt > until) return false;
	// A wait that timed out leaves no checkpoint, but its event's name on the run.
	track.push(
		paused ? 'queued' : wakeEvent === undefined ? 'unclear' : 'wait',
		startedAt,
		paused ? undefined : wakeEvent,
	);
	return true;
}

interface Step {
	readonly checkpoint: CheckpointSnapshot;
	/** When the next thing is known to have happened. */
	readonly next: Instant;
	/** Whether the step before was a pause. */
	readonly paused: boolean;
}

/** One checkpoint and what led to it. Answers whether it was a pause. */
function pushStep(track: Track, run: RunSnapshot, {checkpoint, next, paused}: Step, cancelledAt: Instant): boolean {
	const {name, updatedAt, duration} = checkpoint;
	const event = eventOf(name);
	if (event !== undefined) {
		track.push('wait', updatedAt, event);
		return true;
	}
	const hazy = !reclaim(track, run, paused, updatedAt) && paused;
	const wakeAt = wakeTimeOf(checkpoint);
	if (wakeAt !== undefined && wakeAt <= next) {
		track.push(hazy ? 'unclear' : 'work', updatedAt);
		track.push('sleep', Math.min(wakeAt, cancelledAt), name);
		return true;
	}
	track.push(duration === undefined || hazy ? 'unclear' : 'step', updatedAt, name);
	return false;
}

/** The steps that were saved, and the claim after the last of them. Answers whether that claim is still to come. */
function pushSteps(track: Track, run: RunSnapshot, detail: RunDetail, until: Instant): boolean {
	const steps = ownCheckpoints(run, detail);
	const never = Number.POSITIVE_INFINITY;
	const ended = run.completedAt ?? run.failedAt ?? never;
	let paused = false;
	for (const [index, checkpoint] of steps.entries()) {
		const next = steps[index + 1]?.updatedAt ?? ended;
		paused = pushStep(track, run, {checkpoint, next, paused}, detail.cancelledAt ?? never);
	}
	const claimed = reclaim(track, run, paused, until);
	return paused && !claimed;
}

function pushRunning(track: Track, {leaseExpiresAt}: RunSnapshot, now: Instant): void {
	if (leaseExpiresAt === undefined) {
		track.push('work', now);
	} else if (leaseExpiresAt > now) {
		track.push('work', now);
		track.push('lease', leaseExpiresAt);
	} else {
		track.push('work', leaseExpiresAt);
		track.push('expired', now);
	}
}

/** Paused: by a timer whose checkpoint says so, by an event, or put off by a worker that does not know the task. */
function pushPaused(track: Track, run: RunSnapshot, detail: RunDetail, until: Instant): void {
	const wait = detail.waits.find(({runId}) => runId === run.runId);
	if (wait) track.push('work', Math.min(wait.createdAt, until));
	const last = track.segments.at(-1);
	const asleep = last?.kind === 'sleep' && Math.abs(last.to - run.availableAt) < 2000;
	const ends = Number.isFinite(run.availableAt) ? run.availableAt : until;
	if (!asleep) {
		track.push(
			run.wakeEvent === undefined ? 'sleep' : 'wait',
			Math.min(ends, detail.cancelledAt ?? ends),
			run.wakeEvent,
		);
	}
	track.push('queued', until);
}

function pushEnd(track: Track, run: RunSnapshot, ended: Instant, paused: boolean): void {
	const {failure, leaseExpiresAt} = run;
	if (failure?.name === '$ClaimTimeout' && leaseExpiresAt !== undefined && leaseExpiresAt < ended) {
		track.push('work', leaseExpiresAt);
		track.push('expired', ended);
	} else {
		track.push(paused ? 'unclear' : 'work', ended);
	}
}

/** The lane of an attempt that was claimed at least once. */
export function attemptLane(run: RunSnapshot, detail: RunDetail, {from, now}: Span): Lane {
	const track = new Track(from);
	const cancelledAt = run.state === 'cancelled' ? detail.cancelledAt : undefined;
	const ended = run.completedAt ?? run.failedAt ?? cancelledAt;
	const paused = pushSteps(track, run, detail, ended ?? now);
	const sleeping = run.availableAt > (run.startedAt ?? Number.POSITIVE_INFINITY);
	if (run.state === 'running') pushRunning(track, run, now);
	else if (run.state === 'pending') track.push('queued', now);
	else if (run.state === 'sleeping') pushPaused(track, run, detail, now);
	else if (ended !== undefined && cancelledAt !== undefined && sleeping) pushPaused(track, run, detail, ended);
	else if (ended !== undefined) pushEnd(track, run, ended, paused);
	const state =
		run.state === 'completed' || run.state === 'failed' || run.state === 'cancelled' ? run.state : undefined;
	return {
		id: `a${run.runId}`,
		kind: 'attempt',
		runId: run.runId,
		attempt: run.attempt,
		segments: track.segments,
		end: state === undefined || ended === undefined ? undefined : {state, at: ended, failure: run.failure},
	};
}
