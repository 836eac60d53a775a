import type {Duration} from '../monitor/snapshot.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * How long ago, for ages that tick on the screen. Coarse, so that a line rarely changes: by 5 s below a minute, by the
 * minute below a day. `<1s <5s 25s 4m 2h03m 3d4h`, at most six cells.
 */
export function formatAge(age: Duration): string {
	if (age < second) return '<1s';
	if (age < 5 * second) return '<5s';
	if (age < minute) return `${Math.floor(age / (5 * second)) * 5}s`;
	if (age < hour) return `${Math.floor(age / minute)}m`;
	return formatLong(age);
}

/** As `formatAge` with every second below an hour: `<1s 12s 4m12s 2h03m 3d4h`, at most six cells. */
export function formatSpan(span: Duration): string {
	if (span < second) return '<1s';
	if (span < minute) return `${Math.floor(span / second)}s`;
	if (span < hour) return `${Math.floor(span / minute)}m${two((span % minute) / second)}s`;
	return formatLong(span);
}

/** How long something took, for figures that stand still: `<1ms 340ms 1.9s 58.0s 4m12s 2h03m 3d4h`. */
export function formatDuration(duration: Duration): string {
	if (duration < 1) return duration > 0 ? '<1ms' : '0ms';
	if (Math.round(duration) < second) return `${Math.round(duration)}ms`;
	if (Math.round(duration / 100) < 600) return `${(duration / second).toFixed(1)}s`;
	return formatSpan(Math.max(duration, minute));
}

function formatLong(span: Duration): string {
	if (!Number.isFinite(span)) return 'ever';
	if (span < day) return `${Math.floor(span / hour)}h${two((span % hour) / minute)}m`;
	if (span < 100 * day) return `${Math.floor(span / day)}d${Math.floor((span % day) / hour)}h`;
	return `${Math.floor(span / day)}d`;
}

function two(value: number): string {
	return String(Math.floor(value)).padStart(2, '0');
}
