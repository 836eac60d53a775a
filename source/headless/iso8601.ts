import type {Instant} from '../monitor/snapshot.ts';

/** Milliseconds since the epoch as `2026-11-22T14:02:31.123Z`; null for Postgres' infinity and beyond JavaScript's years. */
export function iso8601(instant: Instant): string | null {
	const date = new Date(instant);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
