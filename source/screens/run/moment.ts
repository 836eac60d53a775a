import type {Instant} from '../../monitor/snapshot.ts';
import {formatAge} from '../../terminal/duration.ts';
import {formatInstant, formatTime} from '../../terminal/instant.ts';
import type {DrawContext} from '../screen.ts';

/** `14:02:31`, with the day where it is another one than today, `never` for infinity. */
export function momentText(instant: Instant, {now, utc}: Pick<DrawContext, 'now' | 'utc'>): string {
	if (instant === Number.POSITIVE_INFINITY) {
		return 'never';
	}

	const text = formatInstant(instant, utc);
	return text.slice(0, 10) === formatInstant(now, utc).slice(0, 10) ? formatTime(instant, utc) : text.slice(5);
}

/** `in 74s`, `12s ago`. */
export function distanceText(instant: Instant, now: Instant): string {
	if (!Number.isFinite(instant)) {
		return '';
	}

	return instant > now ? `in ${formatAge(instant - now)}` : `${formatAge(now - instant)} ago`;
}
