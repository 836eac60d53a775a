import {retryDelay} from './retry-delay.ts';
import type {RunDetail, RunSnapshot} from './run-detail.ts';
import type {Instant} from './snapshot.ts';
import {attemptLane, firstClaimOf} from './timeline-attempt.ts';
import {type Lane, Track} from './timeline-track.ts';

/** A task's life on one axis. Every lane is without holes: what one segment ends, the next begins. */
export interface Timeline {
	/** When it was spawned (or, where the first attempts were left out, the first attempt that is known was made). */
	readonly from: Instant;
	/** The end of everything known, the future included: the lease, the end of a sleep. Always finite. */
	readonly to: Instant;
	/** Database time it was made for. */
	readonly now: Instant;
	/** In order of time. */
	readonly lanes: readonly Lane[];
}

/** A retry's run is made with the failure of the one before; one made later was asked for by somebody. */
const manualSlack = 2000;

/** How a run came to be, and since when it could be claimed for the first time. */
export interface Beginning {
	/** The task was enqueued, or the attempt before had failed, or somebody retried it. */
	readonly born: Instant;
	readonly byHand: boolean;
	/** Later than `born` where it is a retry with a back-off. */
	readonly due: Instant;
}

/** How a run came to be; `before` is the run of the attempt before it. */
export function beginningOf(run: RunSnapshot, before: RunSnapshot | undefined, detail: RunDetail): Beginning {
	const born = run.attempt === 1 ? Math.min(detail.enqueuedAt, run.createdAt) : run.createdAt;
	const byHand = before?.failedAt !== undefined && born - before.failedAt > manualSlack;
	const delay = run.attempt === 1 || byHand ? 0 : retryDelay(detail.retryStrategy?.text, run.attempt - 1);
	const never = run.startedAt === undefined;
	return {born, byHand, due: never && Number.isFinite(run.availableAt) ? run.availableAt : born + delay};
}

/** Between the end of one attempt and the first claim of the next: dead, back-off, and waiting for a worker. */
function waitingLane(
	run: RunSnapshot,
	before: RunSnapshot | undefined,
	detail: RunDetail,
	now: Instant,
): {readonly lane: Lane; readonly end: Instant} {
	const {born, byHand, due} = beginningOf(run, before, detail);
	const track = new Track(byHand ? (before?.failedAt ?? born) : born);
	if (byHand) track.push('dead', born);
	const claim = firstClaimOf(run, detail);
	const never = run.startedAt === undefined;
	const end = never ? (detail.cancelledAt ?? now) : claim;
	track.push('back-off', end === undefined || (never && detail.cancelledAt === undefined) ? due : Math.min(due, end));
	// Where the first claim is not recorded nobody can tell how long it was waited for.
	if (end !== undefined) track.push('queued', end);
	const lane: Lane = {
		id: `b${run.runId}`,
		kind: 'waiting',
		runId: run.runId,
		attempt: run.attempt,
		segments: track.segments,
		end: never && run.state === 'cancelled' ? {state: 'cancelled', at: track.at, failure: undefined} : undefined,
	};
	return {lane, end: track.at};
}

/** Lays out a task's life. `now` is database time. */
export function timelineOf(detail: RunDetail, now: Instant): Timeline {
	const lanes = detail.runs.flatMap((run, index): Lane[] => {
		const {lane: waiting, end} = waitingLane(run, detail.runs[index - 1], detail, now);
		const lane = run.startedAt === undefined ? undefined : attemptLane(run, detail, {from: end, now});
		return [...(waiting.segments.length > 0 || waiting.end ? [waiting] : []), ...(lane ? [lane] : [])];
	});
	const segments = lanes.flatMap(lane => lane.segments);
	const from = Math.min(...segments.map(segment => segment.from), ...(segments.length > 0 ? [] : [detail.enqueuedAt]));
	const to = Math.max(from + 1, ...segments.map(segment => segment.to));
	return {from, to, now, lanes};
}
