import type {Count, Duration} from './snapshot.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * How long something takes or took, in sentences and tables alike: two units, the second one below an hour.
 * `<1s 12s 4m12s 2h03m 3d4h`, at most six cells; `ever` for what has no end.
 */
export function span(duration: Duration): string {
	if (duration < second) return '<1s';
	if (duration < minute) return `${Math.floor(duration / second)}s`;
	if (duration < hour) return `${Math.floor(duration / minute)}m${two((duration % minute) / second)}s`;
	if (!Number.isFinite(duration)) return 'ever';
	if (duration < day) return `${Math.floor(duration / hour)}h${two((duration % hour) / minute)}m`;
	const days = Math.floor(duration / day);
	return days < 100 ? `${days}d${Math.floor((duration % day) / hour)}h` : `${days}d`;
}

/** As `span`, for what may be short: `27ms 1.2s 9s 4m12s`. */
export function brief(duration: Duration): string {
	if (Math.round(duration) < second) return `${Math.max(0, Math.round(duration))}ms`;
	return Math.round(duration / 100) < 100 ? `${Math.round(duration / 100) / 10}s` : span(duration);
}

/**
 * How long ago, for what grows while somebody looks at it. Coarse, so that a line rarely changes: by 5 s below a minute,
 * by the minute below an hour. `<1s <5s 25s 4m 2h03m 3d4h`, at most six cells.
 */
export function age(duration: Duration): string {
	if (duration < second) return '<1s';
	if (duration < 5 * second) return '<5s';
	if (duration < minute) return `${Math.floor(duration / (5 * second)) * 5}s`;
	if (duration < hour) return `${Math.floor(duration / minute)}m`;
	return span(duration);
}

function two(value: number): string {
	return String(Math.floor(value)).padStart(2, '0');
}

/** A count as it is drawn: `418`, `≥10000`, `~1000000`. */
export function counted({value, exactness}: Count): string {
	const sign = {exact: '', atLeast: '≥', estimate: '~'}[exactness];
	return `${sign}${Math.round(value)}`;
}

/** `1 task`, `2 tasks`. */
export function plural(value: number | Count, one: string, many = `${one}s`): string {
	const count: Count = typeof value === 'number' ? {value, exactness: 'exact'} : value;
	return `${counted(count)} ${count.value === 1 && count.exactness === 'exact' ? one : many}`;
}

/** A share as a percentage: `18.4%`. */
export function percent(share: number): string {
	return `${(share * 100).toFixed(1)}%`;
}
