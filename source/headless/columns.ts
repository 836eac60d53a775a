import {fewSamples, isThin} from '../monitor/few-samples.ts';
import type {Claim, Count, Failure, Finding, Instant, QueueSnapshot, RunTime} from '../monitor/snapshot.ts';
import {formatDuration, formatSpan} from '../terminal/duration.ts';
import {formatCount, formatRate, formatShare} from '../terminal/figures.ts';
import {iso8601} from './iso8601.ts';
import type {PlainColumn} from './plain-table.ts';

/** A row together with the database time of the Snapshot, for ages. */
export interface At<Row> {
	readonly row: Row;
	readonly now: Instant;
}

type Columns<Row> = readonly PlainColumn<At<Row>>[];

const none = '-';

function right<Row>(title: string, text: (row: Row, now: Instant) => string): PlainColumn<At<Row>> {
	return {title, align: 'right', max: 12, text: ({row, now}) => text(row, now)};
}

function left<Row>(title: string, max: number, text: (row: Row, now: Instant) => string): PlainColumn<At<Row>> {
	return {title, max, text: ({row, now}) => text(row, now)};
}

function count(value: Count | undefined): string {
	return value === undefined ? none : formatCount(value);
}

function time(instant: Instant | undefined): string {
	return (instant === undefined ? null : iso8601(instant)) ?? none;
}

function failShare({fail5m, caveats}: QueueSnapshot): string {
	if (fail5m === undefined || fail5m.finished === 0) return none;
	const {failed, finished} = fail5m;
	const mark = caveats?.fail5m === true ? '~' : '';
	return mark + (finished < fewSamples ? `${failed}/${finished}` : formatShare(failed / finished));
}

/** `~` marks what rests on few runs, or on the rows that were read at start. */
function percentile(runTime: RunTime | undefined, which: 'p50' | 'p95'): string {
	if (runTime === undefined) return none;
	return `${isThin(runTime) ? '~' : ''}${formatDuration(runTime[which])}`;
}

function drains({drains: value}: QueueSnapshot): string {
	return value.kind === 'in' ? formatSpan(value.duration) : value.kind === 'never' ? 'never' : none;
}

function attempt({attempt: number, maxAttempts}: Claim | Failure): string {
	return `${number}/${maxAttempts ?? 'unlimited'}`;
}

export const findingColumns: Columns<Finding> = [
	left('severity', 8, ({severity}) => severity),
	left('queue', 57, ({queue}) => queue ?? none),
	left('finding', 240, ({sentence}) => sentence),
];

export const queueColumns: Columns<QueueSnapshot> = [
	left('state', 10, ({trouble, severity}) => (trouble === undefined ? severity : 'unreadable')),
	left('queue', 57, ({name}) => name),
	right('ready', ({ready}) => count(ready)),
	right('oldest', ({oldestReadyAt}, now) =>
		oldestReadyAt === undefined ? none : formatSpan(Math.max(0, now - oldestReadyAt)),
	),
	right('running', ({running}) => count(running)),
	right('expired', ({expired}) => count(expired)),
	right('retry', ({retrying}) => count(retrying)),
	right('sleep', ({sleeping}) => count(sleeping)),
	right('wait', ({waiting}) => count(waiting)),
	right('fail 5m', failShare),
	right('done/s', ({donePerSecond, caveats}) =>
		donePerSecond === undefined ? none : `${caveats?.donePerSecond === true ? '~' : ''}${formatRate(donePerSecond)}`,
	),
	right('p50', ({runTime}) => percentile(runTime, 'p50')),
	right('p95', ({runTime}) => percentile(runTime, 'p95')),
	right('drains', drains),
	right('history', ({history}) => count(history)),
	left('read at', 24, ({readAt}) => time(readAt)),
	left('trouble', 240, ({trouble}) => trouble?.sentence ?? ''),
];

export const claimColumns: Columns<Claim> = [
	left('task', 60, ({taskName}) => taskName),
	left('task id', 36, ({taskId}) => taskId),
	left('queue', 57, ({queue}) => queue),
	left('attempt', 16, attempt),
	left('worker', 60, ({worker}) => worker ?? none),
	left('claimed at', 24, ({claimedAt}) => time(claimedAt)),
	right('running', ({claimedAt}, now) => formatSpan(Math.max(0, now - claimedAt))),
	// Checkpoints are read sparingly: not read is something else than none.
	left('checkpoint', 60, ({progress}) => (progress === undefined ? '?' : (progress?.checkpoint ?? none))),
	left('lease ends at', 24, ({leaseExpiresAt}) => (leaseExpiresAt === null ? 'no lease' : time(leaseExpiresAt))),
	left('lease', 8, ({leaseExpiresAt}, now) => (leaseExpiresAt !== null && leaseExpiresAt <= now ? 'expired' : '')),
];

export const failureColumns: Columns<Failure> = [
	left('failed at', 24, ({failedAt}) => time(failedAt)),
	left('outcome', 9, ({outcome}) => outcome),
	left('task', 60, ({taskName}) => taskName),
	left('task id', 36, ({taskId}) => taskId),
	left('queue', 57, ({queue}) => queue),
	left('attempt', 16, attempt),
	left('worker', 60, ({worker}) => worker ?? none),
	left('error', 240, ({errorName, errorMessage}) => `${errorName}: ${errorMessage}`),
];
