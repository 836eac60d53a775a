import type {Duration, Instant} from './snapshot.ts';

/**
 * How urgent it is to ask a queue: it is on screen; something happened or became due since it was last read; nothing
 * seems to happen in it.
 */
export type Heat = 'shown' | 'hot' | 'cold';

/** What decides whether a queue is asked in a tick. */
export interface Candidate {
	readonly name: string;
	readonly heat: Heat;
	readonly readAt: Instant | undefined;
	/** Server time that asking it is expected to take. */
	readonly cost: Duration;
}

/** Who comes first in a tick, in turns, so that no queue waits for ever where the budget holds only one. */
const turns: readonly (readonly Heat[])[] = [
	['shown', 'hot', 'cold'],
	['hot', 'shown', 'cold'],
	['shown', 'hot', 'cold'],
	['shown', 'hot', 'cold'],
	['cold', 'shown', 'hot'],
];

/** Part of the budget that those who come first, and those who come second, leave to the others: counters are only a hint. */
const firstShare = 0.6;
const secondShare = 0.8;

/**
 * The queues to ask in one tick: as many as the budget of server time holds, and always one; the longest unread first
 * among equals. `tick` counts the ticks: queues on screen come first, in every fifth one those in which something
 * happens elsewhere, in another fifth one of those in which nothing seems to.
 */
export function hotSet(candidates: readonly Candidate[], budget: Duration, tick: number): readonly string[] {
	const byAge = [...candidates].sort((a, b) => readAt(a) - readAt(b) || (a.name < b.name ? -1 : 1));
	const order = turns[tick % turns.length] ?? [];
	const groups = order.map(heat => byAge.filter(candidate => candidate.heat === heat)).filter(({length}) => length > 0);
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
	const shares = groups.length === 3 ? [firstShare, secondShare, 1] : groups.length === 2 ? [secondShare, 1] : [1];
	for (const [place, group] of groups.entries()) take(group, budget * (shares[place] ?? 1));
	for (const group of groups) take(group, budget);
	return [...chosen];
}

function readAt(candidate: Candidate): number {
	return candidate.readAt ?? 0;
}
