import type {ReadingProgress} from './page-turner.ts';
import type {Duration, Failure, Instant, TaskRef} from './snapshot.ts';

/** Windows that failures are looked at in, milliseconds. */
export const failureWindows = [5 * 60_000, 3_600_000, 24 * 3_600_000, 7 * 24 * 3_600_000] as const;

/** A failed attempt as the failures screen knows it. */
export interface FailedRun extends Omit<Failure, 'leaseEndedAt'> {
	readonly claimedAt: Instant;
}

/** Failed attempts with one cause: the same task name, error name, and message but for what differs each time. */
export interface FailureGroup {
	readonly key: string;
	readonly taskName: string;
	readonly errorName: string;
	/** The message with numbers, quoted texts and uuids replaced. */
	readonly pattern: string;
	/** Attempts after which the task had failed for good; that were or will be retried; whose task was cancelled. */
	readonly dead: number;
	readonly retried: number;
	readonly cancelled: number;
	readonly firstAt: Instant;
	readonly lastAt: Instant;
	/** The highest attempt that failed so, and how many that task may use (null = unlimited). */
	readonly attempt: number;
	readonly maxAttempts: number | null;
	/** Failures in each tenth of the window, oldest first. */
	readonly trend: readonly number[];
	/** Queues that it happened in. */
	readonly queues: readonly string[];
	/** Of the runs of this task type claimed since `since`: those that failed so, and all. Undefined = not known yet. */
	readonly share: {readonly failed: number; readonly runs: number; readonly since: Instant} | undefined;
	/** Every task that has failed for good, the newest claim first. */
	readonly deadTasks: readonly TaskRef[];
	/** The newest by claim, at most 5,000. */
	readonly runs: readonly FailedRun[];
}

/** What the failures screen shows. */
export interface FailureReport {
	readonly groups: readonly FailureGroup[];
	/** The window in which failures were counted. */
	readonly from: Instant;
	readonly until: Instant;
	/** Failed runs that were read, those that failed before the window included. */
	readonly looked: number;
	/** Everything claimed since then was looked at. */
	readonly backTo: Instant;
	readonly progress: ReadingProgress;
	/** Completed runs that shares are made of, and how far their reading has come; undefined = none were read yet. */
	readonly sampled: {readonly looked: number; readonly progress: ReadingProgress} | undefined;
	/** A newer reading is under way; this one is shown until it is whole. */
	readonly renewing: boolean;
	/** Queues that could not be read, with the sentence. */
	readonly unread: readonly {readonly queue: string; readonly sentence: string}[];
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** Where the database cut the message: an open quote goes on to the end. */
const messageLimit = 300;
const patternLimit = 160;

/** A message without what differs each time: `mailbox "a1" is 90% full` and `mailbox "b2" is 95% full` are one. */
export function normaliseMessage(message: string): string {
	const end = message.length >= messageLimit ? '|$' : '';
	const quoted = (mark: string) => new RegExp(`(?<!\\w)${mark}[^${mark}]*(?:${mark}${end})`, 'g');
	return message
		.replace(uuid, '‹id›')
		.replace(quoted('"'), '‹str›')
		.replace(quoted("'"), '‹str›')
		.replace(quoted('`'), '‹str›')
		.replace(/\b0x[0-9a-f]+\b/gi, '‹n›')
		.replace(/\d+(?:[.,:]\d+)*/g, '‹n›')
		.slice(0, patternLimit);
}

/** What tells one group from another. */
export function groupKey({taskName, errorName, errorMessage}: FailedRun): string {
	return JSON.stringify([taskName, errorName, normaliseMessage(errorMessage)]);
}

/** Length of one bar of the trend. */
export const trendBars = 10;

/** The place of an instant in the trend of a window. */
export function trendBar(at: Instant, from: Instant, window: Duration): number {
	return Math.max(0, Math.min(trendBars - 1, Math.floor(((at - from) / window) * trendBars)));
}
