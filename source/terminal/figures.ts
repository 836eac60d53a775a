import type {Count} from '../monitor/snapshot.ts';

const units = ['', 'k', 'M', 'G', 'T', 'P'];

/** A number in at most five cells: `0 418 9999 12k 1.0M 23M`. */
export function formatNumber(value: number): string {
	return value < 10_000 ? String(Math.round(value)) : shorten(value, 1000);
}

/** A count with how far to trust it: `418`, `≥10k` (counting stopped there), `~1.0M` (an estimate). */
export function formatCount(count: Count): string {
	const prefix = {exact: '', atLeast: '≥', estimate: '~'}[count.exactness];
	return prefix + formatNumber(count.value);
}

/** A count with all its digits: `1,204`. Not by `Intl`, which takes ten milliseconds to load. */
export function formatGrouped(value: number): string {
	return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** Something a second: `0.0 <0.1 12.6 418 12k`. */
export function formatRate(perSecond: number): string {
	if (perSecond > 0 && perSecond < 0.05) return '<0.1';
	return Math.round(perSecond * 10) < 1000 ? perSecond.toFixed(1) : formatNumber(perSecond);
}

/** A share of one as percent: `0.0% <0.1% 18.4% 100%`. */
export function formatShare(share: number): string {
	const percent = share * 100;
	if (percent > 0 && percent < 0.05) return '<0.1%';
	return percent >= 99.95 ? '100%' : `${percent.toFixed(1)}%`;
}

/** A size with decimal units: `12 B`, `1.2 kB`, `340 MB`. */
export function formatBytes(bytes: number): string {
	if (bytes < 1000) return `${Math.round(bytes)} B`;
	const text = shorten(bytes, 1000);
	return `${text.slice(0, -1)} ${text.slice(-1)}B`;
}

function shorten(value: number, base: number): string {
	let rest = value;
	let unit = 0;
	while (Math.round(rest * 10) >= base * 10 - 4 && unit < units.length - 1) {
		rest /= base;
		unit++;
	}
	return `${rest < 9.95 ? rest.toFixed(1) : Math.round(rest)}${units[unit] ?? ''}`;
}
