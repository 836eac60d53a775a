import type {Instant, Snapshot} from '../monitor/snapshot.ts';

/** Within a tenth of a second all that a key or a frame asks sees the same moment: what was worked out for one serves all. */
const step = 100;

/**
 * Makes the clock of the database: the last tick's time plus the time since its answer. It stands still while paused or
 * without a connection, where it was at that moment: ages of data that nobody renews must not look alive.
 */
export function createDatabaseClock(): (snapshot: Snapshot, clock: number) => Instant {
	let frozen: {readonly of: Instant; readonly now: Instant} | undefined;
	return (snapshot, clock) => {
		const {at, receivedAt} = snapshot;
		if (at === undefined || receivedAt === undefined) return clock;
		const now = at + Math.floor(Math.max(0, clock - receivedAt) / step) * step;
		if (snapshot.connection.kind === 'live' && !snapshot.paused) {
			frozen = undefined;
			return now;
		}
		if (frozen?.of !== at) frozen = {of: at, now};
		return frozen.now;
	};
}
