import {checkpointRows} from './claim-book.ts';
import type {QueuePoll} from './queue-poll.ts';
import type {Instant} from './snapshot.ts';
import type {Ask} from './source.ts';
import type {Depth} from './tick-budget.ts';

/** A state is counted to 10,000; one row more tells that there are more. */
export const countCap = 10_000;

/** Finished runs are looked for this often where the counters say that nothing moved. */
const idleInterval = 10_000;

/** What became of listed failures is read again this often. */
const outcomesInterval = 10_000;

/** Rows of the first look at failures; at what else has ended, for whom it follows; and how many are looked up then. */
const failureRows = 2000;
const endedRows = 1000;
const predecessorsKept = 200;

/** What the tick knows that decides what a queue is asked. */
export interface AskContext {
	/** A guess at database time. */
	readonly now: Instant;
	/** The client's monotonic time. */
	readonly monotonic: number;
	/** Claims that may be read of one queue. */
	readonly claimRows: number;
	/** The newest failures that are kept of one queue. */
	readonly failures: number;
	/** Counters are always 0: they cannot tell what moved. */
	readonly standby: boolean;
	/** `live`: no more than what is alive. */
	readonly depth: Depth;
	/** It is this queue's turn to be read although nothing seems to have moved: not all of them in the same tick. */
	readonly idleTurn: boolean;
	/** It is this queue's turn to learn what became of its listed failures. */
	readonly outcomesTurn: boolean;
	/** The trend before the start may be read now. */
	readonly deepen: boolean;
	/** Run ids of the claims on screen. */
	readonly visibleRuns: ReadonlySet<string>;
	/** Tasks whose checkpoints may still be read in this tick. */
	readonly checkpointTasks: number;
	/** The number of ready runs beyond the cap may be counted now. */
	readonly deepCount: boolean;
}

/** The questions of one queue in one tick. */
export function queueAsks(poll: QueuePoll, context: AskContext): Ask[] {
	const queue = poll.name;
	const bounds = poll.bounds.next(context.monotonic);
	const asks: Ask[] = [{kind: 'live', queue, ...bounds, rows: countCap + 1}];
	if (context.depth === 'live') return asks;
	if (isActive(poll, context)) asks.push(...activityAsks(poll, context, bounds.runningFrom));
	asks.push(...firstAsks(poll, context));
	asks.push(...outcomeAsks(poll, context), ...checkpointAsks(poll, context), ...deepAsks(poll, context));
	return asks;
}

function isActive(poll: QueuePoll, context: AskContext): boolean {
	const due = context.now - (poll.finishedReadAt ?? 0) >= idleInterval;
	const idle = poll.finishedReadAt === undefined || (context.idleTurn && due);
	const vanished = poll.finishes.longRunners.vanished.length > 0;
	return context.standby || poll.moved || vanished || idle || context.deepen;
}

// Claims and finished runs belong together: who follows a run and who counts it is decided from one snapshot.
function activityAsks(poll: QueuePoll, context: AskContext, runningFrom: Instant): Ask[] {
	const queue = poll.name;
	if (context.deepen && poll.finishes.shallow) poll.finishes.startOver();
	const finish = poll.finishes.ask(context.now);
	const asks: Ask[] = [
		{kind: 'claims', queue, runningFrom, rows: context.claimRows},
		{kind: 'finished', queue, ...finish},
	];
	if (poll.failuresSeeded) {
		const {claimedFrom, finishedAfter, rows} = finish;
		asks.push({kind: 'failures', queue, claimedFrom, finishedAfter, rows, kept: context.failures});
	}
	const runs = poll.finishes.longRunners.vanished;
	if (runs.length > 0) asks.push({kind: 'ended', queue, runs});
	return asks;
}

function firstAsks(poll: QueuePoll, context: AskContext): Ask[] {
	const queue = poll.name;
	const asks: Ask[] = [];
	if (!poll.seed) asks.push({kind: 'seed', queue, rows: failureRows});
	if (!poll.failuresSeeded) {
		const always = Number.NEGATIVE_INFINITY;
		asks.push(
			{kind: 'failures', queue, claimedFrom: always, finishedAfter: always, rows: failureRows, kept: context.failures},
			{kind: 'predecessors', queue, rows: countCap, ended: endedRows, kept: predecessorsKept},
		);
	}
	return asks;
}

function outcomeAsks(poll: QueuePoll, context: AskContext): Ask[] {
	const recently = poll.outcomesReadAt !== undefined && context.now - poll.outcomesReadAt < outcomesInterval;
	if (!context.outcomesTurn || recently || poll.failures.failures.length === 0) return [];
	const tasks = [...new Set(poll.failures.failures.map(failure => failure.taskId))];
	return [{kind: 'outcomes', queue: poll.name, tasks}];
}

function checkpointAsks(poll: QueuePoll, context: AskContext): Ask[] {
	if (context.checkpointTasks <= 0) return [];
	const wanted = poll.claims.wantProgress(context.visibleRuns, context.now).slice(0, context.checkpointTasks);
	if (wanted.length === 0) return [];
	return [{kind: 'checkpoints', queue: poll.name, tasks: wanted.map(row => row.taskId), rows: checkpointRows}];
}

function deepAsks(poll: QueuePoll, context: AskContext): Ask[] {
	const oldest = poll.figures?.pendingOldest;
	if (!context.deepCount || oldest === undefined) return [];
	const until = Number.POSITIVE_INFINITY;
	return [{kind: 'deep-count', queue: poll.name, state: 'pending', from: oldest, until, rows: 1_000_001}];
}
