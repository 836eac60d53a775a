import type {BulkControl, BulkTask} from '../monitor/bulk.ts';

/** The tasks of a bulk action in their order, handed out as fast as the rate allows. */
export interface BulkFeed {
	/** Tasks to send now, at most `room`; none when it is too early, when it was stopped, or when there are no more. */
	take(room: number): readonly BulkTask[];
	/** Milliseconds until there is more to take; undefined when there will never be. */
	wait(): number | undefined;
	/** What was never taken. */
	rest(): readonly BulkTask[];
}

/** Times a second that tasks are handed out, so that a fast rate does not take a write for each task. */
const turnsPerSecond = 20;

/** A timer comes a little late: so much of the rate is made up for, milliseconds. A longer pause brings no burst. */
const lateness = 20;

/** Stopping is asked for at least so often, milliseconds. */
const longestWait = 250;

/** Keeps to the rate: in a second never more tasks than that and those of one turn. `clock` is in milliseconds. */
export function createBulkFeed(
	tasks: readonly BulkTask[],
	{rate, stopped}: Pick<BulkControl, 'rate' | 'stopped'>,
	clock: () => number = () => performance.now(),
): BulkFeed {
	const perSecond = () => Math.max(1, rate());
	const perTurn = () => Math.max(1, perSecond() / turnsPerSecond);
	let next = 0;
	let allowed = perTurn();
	let since = clock();

	function refill(): number {
		const now = clock();
		const most = perTurn() + (lateness / 1000) * perSecond();
		allowed = Math.min(most, allowed + ((now - since) / 1000) * perSecond());
		since = now;
		return allowed;
	}

	return {
		take(room) {
			if (stopped()) return [];
			const taken = tasks.slice(next, next + Math.max(0, Math.min(room, Math.floor(refill()))));
			next += taken.length;
			allowed -= taken.length;
			return taken;
		},
		wait() {
			if (stopped() || next >= tasks.length) return undefined;
			const missing = perTurn() - refill();
			return Math.min(longestWait, Math.max(0, (missing / perSecond()) * 1000));
		},
		rest: () => tasks.slice(next),
	};
}
