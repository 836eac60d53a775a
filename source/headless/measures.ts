import {span} from '../monitor/phrase.ts';
import type {QueueSnapshot, Snapshot} from '../monitor/snapshot.ts';
import {countUnit, durationUnit, percentUnit, type Unit} from './thresholds.ts';

/** What `check` measures of each queue. */
export interface Measure {
	/** Of its flag. */
	readonly key: string;
	/** In the performance data. */
	readonly label: string;
	readonly symbol: string;
	readonly unit: Unit;
	/** undefined = not known. */
	of(queue: QueueSnapshot, snapshot: Snapshot): number | undefined;
	/** Whether there is enough of it to judge by. */
	counts?(queue: QueueSnapshot): boolean;
	says(value: number, queue: QueueSnapshot): string;
}

/** Below this many finished attempts a share says little: it is shown and not judged. */
const fewestFinished = 20;

/** Dead tasks are counted this far back, milliseconds. */
const deadWindow = 3_600_000;

function dead({name, readAt}: QueueSnapshot, {failures, at = 0}: Snapshot): number | undefined {
	if (readAt === undefined) return undefined;
	return failures.filter(
		({queue, outcome, failedAt}) => queue === name && outcome === 'dead' && at - failedAt < deadWindow,
	).length;
}

export const measures: readonly Measure[] = [
	{
		key: 'maxReadyAge',
		label: 'ready_age',
		symbol: 's',
		unit: durationUnit,
		of: ({oldestReadyAt, readAt}, {at = 0}) =>
			readAt === undefined ? undefined : oldestReadyAt === undefined ? 0 : Math.max(0, at - oldestReadyAt) / 1000,
		says: value => `the oldest ready run waits for ${span(value * 1000)}`,
	},
	{
		key: 'maxFailRate',
		label: 'fail_rate',
		symbol: '%',
		unit: percentUnit,
		of: ({fail5m}) =>
			fail5m === undefined ? undefined : fail5m.finished === 0 ? 0 : (100 * fail5m.failed) / fail5m.finished,
		counts: ({fail5m}) => fail5m !== undefined && fail5m.finished >= fewestFinished,
		says: (value, {caveats}) =>
			`${caveats?.fail5m === true ? 'about ' : ''}${value.toFixed(1)}% of the attempts of 5m failed`,
	},
	{
		key: 'maxExpiredLeases',
		label: 'expired_leases',
		symbol: '',
		unit: countUnit,
		of: ({expired}) => expired?.value,
		says: value => `${value} ${value === 1 ? 'lease has' : 'leases have'} expired`,
	},
	{
		key: 'maxDead',
		label: 'dead',
		symbol: '',
		unit: countUnit,
		of: dead,
		says: value => `${value} ${value === 1 ? 'task' : 'tasks'} died within 1h`,
	},
];
