import type {Count, Duration} from './snapshot.ts';

const units: ReadonlyArray<readonly [suffix: string, length: Duration]> = [
	['d', 86_400_000],
	['h', 3_600_000],
	['m', 60_000],
	['s', 1000],
];

/** How long something takes or took, for a sentence: the largest unit, and the next one below ten: `4m`, `1h 5m`, `340 ms`. */
export function span(duration: Duration): string {
	const index = units.findIndex(([, length]) => duration >= length);
	const unit = units[index];
	if (!unit) return `${Math.max(0, Math.round(duration))} ms`;
	const [suffix, length] = unit;
	const whole = Math.floor(duration / length);
	const next = units[index + 1];
	const rest = next ? Math.floor((duration % length) / next[1]) : 0;
	return next && rest > 0 && whole < 10 ? `${whole}${suffix} ${rest}${next[0]}` : `${whole}${suffix}`;
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
