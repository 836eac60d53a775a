import {parseJson} from '../../components/json/parse.ts';
import type {Document, RunDetail} from '../../monitor/run-detail.ts';
import type {Duration, Instant} from '../../monitor/snapshot.ts';

const second = 1000;

/** Absurd's own defaults where a strategy leaves something out (absurd.sql, fail_run). */
const defaults = {fixedBase: 60, exponentialBase: 30, factor: 2};

/** A member of a small JSON object as it was written, without the quotes of a string. */
function member(document: Document | undefined, key: string): string | undefined {
	if (document === undefined) {
		return undefined;
	}

	const found = parseJson(document.text).root.children.find(child => child.key === key);
	return found === undefined ? undefined : document.text.slice(found.start, found.end).replace(/^"(.*)"$/, '$1');
}

function number(document: Document | undefined, key: string): number | undefined {
	const text = member(document, key);
	const value = text === undefined ? Number.NaN : Number(text);
	return Number.isFinite(value) ? value : undefined;
}

/** The retry strategy of a task, seconds as in the database. */
export interface RetryPolicy {
	readonly kind: string;
	readonly base: number;
	readonly factor: number;
	readonly max: number | undefined;
}

export function retryPolicy({retryStrategy}: RunDetail): RetryPolicy {
	const kind = member(retryStrategy, 'kind') ?? 'none';
	return {
		kind,
		base: number(retryStrategy, 'base_seconds') ?? (kind === 'fixed' ? defaults.fixedBase : defaults.exponentialBase),
		factor: number(retryStrategy, 'factor') ?? defaults.factor,
		max: number(retryStrategy, 'max_seconds'),
	};
}

/** How long Absurd waits after attempt `attempt` has failed. */
export function retryDelay({kind, base, factor, max}: RetryPolicy, attempt: number): Duration {
	const raw = kind === 'fixed' ? base : kind === 'exponential' ? base * factor ** (attempt - 1) : 0;
	return Math.min(raw, max ?? Number.POSITIVE_INFINITY) * second;
}

/** When the cancellation policy strikes: at the first claim in its queue after that instant. */
export interface Strike {
	readonly policy: 'max_delay' | 'max_duration';
	readonly limit: Duration;
	/** undefined = it does not apply, or not yet. */
	readonly at: Instant | undefined;
}

export function strikes({cancellation, enqueuedAt, firstStartedAt}: RunDetail): readonly Strike[] {
	const delay = number(cancellation, 'max_delay');
	const duration = number(cancellation, 'max_duration');
	const found: Strike[] = [];
	if (delay !== undefined) {
		const at = firstStartedAt === undefined ? enqueuedAt + delay * second : undefined;
		found.push({policy: 'max_delay', limit: delay * second, at});
	}

	if (duration !== undefined) {
		const at = firstStartedAt === undefined ? undefined : firstStartedAt + duration * second;
		found.push({policy: 'max_duration', limit: duration * second, at});
	}

	return found;
}
