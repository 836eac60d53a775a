import type {Instant} from '../monitor/snapshot.ts';

/** `14:02`, in the terminal's time zone or UTC. */
export function formatClock(instant: Instant, utc: boolean): string {
	return formatTime(instant, utc).slice(0, 5);
}

/** `14:02:31`. */
export function formatTime(instant: Instant, utc: boolean): string {
	return formatInstant(instant, utc).slice(11);
}

/** `2026-11-20 14:02:31`; `infinity` as Postgres says it. */
export function formatInstant(instant: Instant, utc: boolean): string {
	if (instant === Number.POSITIVE_INFINITY) return 'infinity';
	if (instant === Number.NEGATIVE_INFINITY) return '-infinity';
	const shifted = new Date(instant + (utc ? 0 : -new Date(instant).getTimezoneOffset() * 60_000));
	return Number.isNaN(shifted.getTime()) ? 'unknown' : shifted.toISOString().slice(0, 19).replace('T', ' ');
}

/** The offset of the clock on screen, shown once in the header: `+01`, `-03:30`, `UTC`. */
export function formatOffset(instant: Instant, utc: boolean): string {
	if (utc) return 'UTC';
	const minutes = -new Date(instant).getTimezoneOffset();
	const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
	const rest = Math.abs(minutes) % 60;
	return `${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
