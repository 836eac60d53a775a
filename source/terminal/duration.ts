import {age, span} from '../monitor/phrase.ts';
import type {Duration} from '../monitor/snapshot.ts';

const second = 1000;
const minute = 60 * second;

/** How long ago, coarse, for ages that tick on the screen: `<1s <5s 25s 4m 2h03m 3d4h`. */
export const formatAge: (age: Duration) => string = age;

/** As `formatAge` with every second below an hour: `<1s 12s 4m12s 2h03m 3d4h`, at most six cells. */
export const formatSpan: (duration: Duration) => string = span;

/** How long something took, for figures that stand still: `<1ms 340ms 1.9s 58.0s 4m12s 2h03m 3d4h`. */
export function formatDuration(duration: Duration): string {
	if (duration < 1) return duration > 0 ? '<1ms' : '0ms';
	if (Math.round(duration) < second) return `${Math.round(duration)}ms`;
	if (Math.round(duration / 100) < 600) return `${(duration / second).toFixed(1)}s`;
	return formatSpan(Math.max(duration, minute));
}
