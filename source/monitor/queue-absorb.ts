import {Histogram} from './histogram.ts';
import type {QueuePoll} from './queue-poll.ts';
import type {Duration, Instant} from './snapshot.ts';
import type {Ask, AskAnswer, ClaimRow, Finished, Found, LiveFigures, TickAnswer} from './source.ts';

/** What the tick knows that decides what an answer means. */
export interface AbsorbContext {
	/** Database time, no earlier than the snapshot of the answers. */
	readonly now: Instant;
	/** The client's monotonic time. */
	readonly monotonic: number;
	readonly interval: Duration;
	/** The newest failures that are kept of one queue. */
	readonly failures: number;
	/** Server time of the tick by the time that its answers took here: what a queue's share of it is multiplied with. */
	readonly costScale: number;
}

type AskOf<Kind extends Ask['kind']> = Extract<Ask, {kind: Kind}>;

/** The pair of readings that decides who counts what finished. */
interface Activity {
	claims?: {readonly ask: AskOf<'claims'>; readonly rows: readonly ClaimRow[]};
	finished?: {readonly ask: AskOf<'finished'>; readonly found: Finished};
}

/** What is asked once or seldom says nothing about what the next tick will cost. */
const rare: ReadonlySet<Ask['kind']> = new Set(['seed', 'predecessors', 'deep-count']);

/**
 * Takes in all answers about one queue of one tick. One that failed holds the queue back; the rest still counts. Answers
 * the server time that they took, undefined when not all came.
 */
export function absorbQueue(
	poll: QueuePoll,
	answers: readonly AskAnswer[],
	context: AbsorbContext,
): Duration | undefined {
	const activity: Activity = {};
	poll.revision++;
	let failed = false;
	let cost = 0;
	for (const {ask, result, duration} of answers) {
		cost += duration ?? 0;
		if (result.kind === 'found') absorbFound(poll, ask, result.found, activity, context);
		// A count of what is beyond the cap is an extra: a server that has no time for it has told the rest all the same.
		if (result.kind !== 'error' || failed || ask.kind === 'deep-count') continue;
		failed = true;
		poll.backoff.fail(result.trouble, context.monotonic, context.interval);
	}
	absorbActivity(poll, activity, context);
	if (!failed && answers.some(({result}) => result.kind === 'found')) poll.backoff.succeed();
	const usual = poll.finishedReadAt !== undefined && !answers.some(({ask}) => rare.has(ask.kind));
	const whole = answers.every(({result}) => result.kind === 'found');
	if (usual && whole) poll.cost = smooth(poll.cost, cost * context.costScale);
	return whole ? cost * context.costScale : undefined;
}

function absorbFound(poll: QueuePoll, ask: Ask, found: Found, activity: Activity, context: AbsorbContext): void {
	switch (found.kind) {
		case 'live':
			if (ask.kind === 'live') absorbLive(poll, ask, found.value, context);
			return;
		case 'claims':
			poll.claims.absorb(found.value, context.now);
			if (ask.kind === 'claims') activity.claims = {ask, rows: found.value};
			return;
		case 'finished':
			if (ask.kind === 'finished') activity.finished = {ask, found: found.value};
			return;
		case 'seed':
			poll.seed = new Histogram();
			for (const {bucket, runs} of found.value) poll.seed.add(bucket, runs);
			return;
		case 'failures':
		case 'predecessors':
			poll.failuresSeeded = true;
			poll.failures.absorb(found.value, context.failures);
			return;
		case 'ended':
			if (ask.kind !== 'ended') return;
			poll.finishes.absorbEnded(ask.runs, found.value);
			poll.failures.absorb(found.value, context.failures);
			return;
		case 'outcomes':
			poll.outcomesReadAt = context.now;
			poll.failures.absorbOutcomes(found.value);
			return;
		case 'checkpoints':
			if (ask.kind === 'checkpoints') poll.claims.absorbProgress(ask.tasks, found.value, context.now);
			return;
		case 'deep-count':
			poll.deepReady = {value: found.value, exactness: 'estimate', at: context.now};
			return;
	}
}

function absorbLive(poll: QueuePoll, ask: AskOf<'live'>, found: LiveFigures, context: AbsorbContext): void {
	const written = (poll.written ?? 0) - (poll.writtenRead ?? poll.written ?? 0);
	poll.readyRate.add(found.now, found.pendingDue + found.sleepingDue, written);
	poll.bounds.absorb(ask, found, context.monotonic);
	poll.stirred = poll.figures !== undefined && differ(poll.figures, found);
	poll.figures = found;
	poll.readAt = context.now;
	poll.writtenRead = poll.written;
	poll.lastClaimAt = latest(poll.lastClaimAt, found.runningNewest);
}

const telling = [
	'pending',
	'pendingOldest',
	'running',
	'expired',
	'runningOldest',
	'runningNewest',
	'sleeping',
] as const;

function differ(before: LiveFigures, now: LiveFigures): boolean {
	return telling.some(figure => before[figure] !== now[figure]);
}

function absorbActivity(poll: QueuePoll, {claims, finished}: Activity, context: AbsorbContext): void {
	if (!claims || !finished) return;
	const complete = claims.rows.length < claims.ask.rows;
	poll.finishes.absorb(finished.ask, finished.found, claims.rows, complete, context.now);
	poll.finishedReadAt = context.now;
	poll.lastClaimAt = latest(poll.lastClaimAt, finished.found.completed.newest, finished.found.failed.newest);
}

function latest(...instants: readonly (Instant | undefined)[]): Instant | undefined {
	const known = instants.filter(instant => instant !== undefined);
	return known.length === 0 ? undefined : Math.max(...known);
}

/** Follows a change within a few ticks without jumping at each. */
function smooth(before: number | undefined, now: number): number {
	return before === undefined ? now : (before + now) / 2;
}

/**
 * The server's time for a tick by the time that its answers took here. They wait for the network and for this process,
 * too; what the server says it took is the measure of the budget.
 */
export function costScale({answers, serverTime}: TickAnswer): number {
	const taken = answers.reduce((sum, {duration}) => sum + (duration ?? 0), 0);
	return serverTime === undefined || taken === 0 ? 1 : Math.min(1, serverTime / taken);
}

/** The answers of a tick by the queue that they are about. */
export function byQueue(answers: readonly AskAnswer[]): ReadonlyMap<string, readonly AskAnswer[]> {
	const groups = new Map<string, AskAnswer[]>();
	for (const answer of answers) {
		const group = groups.get(answer.ask.queue);
		if (group) group.push(answer);
		else groups.set(answer.ask.queue, [answer]);
	}
	return groups;
}
