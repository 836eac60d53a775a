import type {Duration, Instant} from './snapshot.ts';

/** What decides whether a queue is asked in a tick. */
export interface Candidate {
	readonly name: string;
	/** On screen, or something happened or became due since it was last read. */
	readonly hot: boolean;
	readonly readAt: Instant | undefined;
	/** Server time that asking it is expected to take. */
	readonly cost: Duration;
}

/** Part of the budget that is kept for queues in which nothing seems to happen: counters are only a hint. */
const coldShare = 0.2;

/**
 * The queues to ask in one tick: hot ones first, the longest unread first among equals, as many as the budget of server
 * time holds, and always one. The cold ones take turns in what is kept for them and in what is left.
 */
export function hotSet(candidates: readonly Candidate[], budget: Duration): readonly string[] {
	const byAge = [...candidates].sort((a, b) => readAt(a) - readAt(b) || (a.name < b.name ? -1 : 1));
	const hot = byAge.filter(candidate => candidate.hot);
	const cold = byAge.filter(candidate => !candidate.hot);
	const chosen = new Set<string>();
	let spent = 0;
	const take = (from: readonly Candidate[], limit: Duration) => {
		for (const candidate of from) {
			if (chosen.has(candidate.name)) continue;
			if (chosen.size > 0 && spent + candidate.cost > limit) return;
			chosen.add(candidate.name);
			spent += candidate.cost;
		}
	};
	take(hot, cold.length === 0 ? budget : budget * (1 - coldShare));
	take(cold, budget);
	take(hot, budget);
	return [...chosen];
}

function readAt(candidate: Candidate): number {
	return candidate.readAt ?? Number.NEGATIVE_INFINITY;
}
