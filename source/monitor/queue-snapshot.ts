import {fewSamples} from './few-samples.ts';
import {windowSeconds} from './finish-window.ts';
import type {Histogram} from './histogram.ts';
import {countCap} from './queue-asks.ts';
import type {QueuePoll} from './queue-poll.ts';
import type {Count, Instant, QueueSnapshot, QueueTrouble, RunTime, Severity} from './snapshot.ts';
import type {LiveFigures} from './source.ts';

/** Buckets of the trend, and seconds of each. */
export const trendBuckets = 10;
export const trendSeconds = windowSeconds / trendBuckets;

/** Seconds that `donePerSecond` looks back. */
const rateSeconds = 60;

/** A count that stopped at the cap. */
function capped(value: number, exact: boolean): Count {
	return exact ? {value, exactness: 'exact'} : {value: Math.min(value, countCap), exactness: 'atLeast'};
}

type LiveCounts = Pick<
	QueueSnapshot,
	'ready' | 'oldestReadyAt' | 'running' | 'expired' | 'retrying' | 'sleeping' | 'waiting' | 'splitOf' | 'nextDueAt'
>;

function liveCounts(figures: LiveFigures | undefined, deepReady: Count | undefined): LiveCounts {
	if (!figures) {
		const none = undefined;
		return {
			ready: none,
			oldestReadyAt: none,
			running: none,
			expired: none,
			retrying: none,
			sleeping: none,
			waiting: none,
			splitOf: none,
			nextDueAt: none,
		};
	}
	const whole = {
		pending: figures.pending <= countCap,
		running: figures.running <= countCap,
		sleeping: figures.sleeping <= countCap,
		due: figures.sleepingDue <= countCap,
	};
	const ready = capped(figures.pendingDue + figures.sleepingDue, whole.pending && whole.due);
	return {
		ready: ready.exactness === 'atLeast' ? (deepReady ?? ready) : ready,
		oldestReadyAt: oldestReady(figures),
		running: capped(figures.running, whole.running),
		expired: capped(figures.expired, whole.running),
		retrying: capped(figures.retrying, whole.sleeping),
		sleeping: capped(figures.timers, whole.sleeping),
		waiting: capped(figures.waiting, whole.sleeping),
		splitOf: whole.sleeping ? undefined : countCap,
		nextDueAt: figures.nextDue === Number.POSITIVE_INFINITY ? undefined : figures.nextDue,
	};
}

function oldestReady({now, pendingOldest, sleepingOldest}: LiveFigures): Instant | undefined {
	const oldest = Math.min(pendingOldest ?? Number.POSITIVE_INFINITY, sleepingOldest ?? Number.POSITIVE_INFINITY);
	return oldest <= now ? oldest : undefined;
}

type Finishes = Pick<QueueSnapshot, 'fail5m' | 'donePerSecond' | 'trend' | 'caveats' | 'past' | 'runTime'>;

// Whole seconds only: the second that is still running would make every rate dip at its end.
function finishes(poll: QueuePoll, now: Instant): Finishes {
	const {window, knownFrom} = poll.finishes;
	const until = Math.floor(now / 1000);
	const known = knownFrom === undefined ? undefined : Math.ceil(knownFrom / 1000);
	const trend = Array.from({length: trendBuckets}, (_, index) => {
		const from = until - (trendBuckets - index) * trendSeconds;
		return known === undefined || from < known ? undefined : window.count(from, from + trendSeconds).completed;
	});
	const past = poll.finishes.past(now);
	if (known === undefined) return {fail5m: undefined, donePerSecond: undefined, trend, past, runTime: seedTime(poll)};
	const whole = (from: number) => from * 1000 >= (poll.finishes.estimatedUntil ?? Number.NEGATIVE_INFINITY);
	const counts = window.count(Math.max(known, until - windowSeconds), until);
	const rateFrom = Math.max(known, until - rateSeconds);
	return {
		fail5m: {failed: counts.failed, finished: counts.failed + counts.completed},
		donePerSecond: until > rateFrom ? window.count(rateFrom, until).completed / (until - rateFrom) : undefined,
		trend,
		caveats: {
			fail5m: known > until - windowSeconds || !whole(until - windowSeconds),
			donePerSecond: !whole(rateFrom),
			trend: isTrendReconstructed(trend, until, poll.finishes.liveFrom ?? 0),
		},
		past,
		runTime: runTimeOf(poll, poll.finishes.legs(now)),
	};
}

/** Whether some that a trend until a second shows may have finished before an instant. */
function isTrendReconstructed(trend: QueueSnapshot['trend'], until: number, liveFrom: Instant): boolean {
	return trend.some(
		(completed = 0, bucket) => completed > 0 && (until - (trendBuckets - bucket) * trendSeconds) * 1000 < liveFrom,
	);
}

/** From what completed in the window; where that is little, from the rows read at the start, if these are more. */
function runTimeOf(poll: QueuePoll, legs: Histogram): RunTime | undefined {
	const seeded = legs.samples < Math.min(fewSamples, poll.seed?.samples ?? 0);
	return seeded ? seedTime(poll) : runTime(legs, false);
}

function seedTime(poll: QueuePoll): RunTime | undefined {
	return poll.seed && runTime(poll.seed, true);
}

function runTime(legs: Histogram, seed: boolean): RunTime | undefined {
	const [p50, p95] = [legs.percentile(0.5), legs.percentile(0.95)];
	if (p50 === undefined || p95 === undefined) return undefined;
	return {p50, p95, samples: legs.samples, seed};
}

/** What turns the client's monotonic time into database time. */
export interface Moment {
	readonly now: Instant;
	readonly monotonic: number;
}

function troubleOf(poll: QueuePoll, {now, monotonic}: Moment): QueueTrouble | undefined {
	const {trouble, retryAt} = poll.backoff;
	if (trouble) return {...trouble, retryAt: now + Math.max(0, retryAt - monotonic)};
	if (poll.locked) {
		const sentence = `Somebody holds or awaits an exclusive lock on the tables of ${poll.name}; it is read again when that is over.`;
		return {sentence, sqlstate: '55P03', retryAt: now};
	}
	return undefined;
}

/** Statistics that say 0 are older than the rows that are seen to be there. */
function historyOf({catalogue, figures, lastClaimAt}: QueuePoll): Count | undefined {
	const {runRows} = catalogue;
	if (runRows === undefined) return undefined;
	const live = (figures?.pending ?? 0) + (figures?.running ?? 0) + (figures?.sleeping ?? 0);
	const contradicted = runRows === 0 && (live > 0 || lastClaimAt !== undefined);
	return contradicted ? undefined : {value: runRows, exactness: 'estimate'};
}

/** One queue as the Snapshot shows it; its severity is judged from this. */
export function queueSnapshot(poll: QueuePoll, moment: Moment, severity: Severity): QueueSnapshot {
	const {catalogue} = poll;
	return {
		name: poll.name,
		storageMode: catalogue.storageMode,
		severity,
		trouble: troubleOf(poll, moment),
		readAt: poll.readAt,
		...liveCounts(poll.figures, poll.deepReady),
		...finishes(poll, poll.finishedReadAt ?? moment.now),
		drains: poll.readyRate.drains(),
		history: historyOf(poll),
		lastClaimAt: poll.lastClaimAt,
	};
}
