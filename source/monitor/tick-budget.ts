import type {QueuePoll} from './queue-poll.ts';
import type {Duration} from './snapshot.ts';
import type {CatalogueQueue, TickAnswer} from './source.ts';

/** Server time that one tick may use; the first one, which reads everything cold; those of a program that reads only once. */
export const defaultTickBudget = 15;
const firstBudget = 375;
export const onceBudget = 100;

/** The ticks after it may use more: until statements are prepared and their plans kept they cost several times as much. */
const warmingTicks = 12;
const warmingFactor = 4;

/** However dear the tick's own statements are, so much of the budget is left to the queues. */
const leastShare = 0.3;

/** What a queue is expected to cost before any like it was asked; its live figures alone are a part of that. */
const unknownCost = 1.2;
const liveShare = 0.4;

/** Whether a queue is read whole, or its live figures only. */
export type Depth = 'whole' | 'live';

/** How much of the server's time queues may use in one tick, and how much of it each is expected to use. */
export class TickBudget {
	readonly #budget: Duration;
	/** What the statements take that every tick begins with, smoothed. */
	#heads: Duration = 0;
	/** What queues of a kind took that had not been asked lately, smoothed. */
	readonly #guesses: Record<CatalogueQueue['storageMode'], Record<Depth, Duration>> = {
		unpartitioned: {whole: unknownCost, live: unknownCost * liveShare},
		partitioned: {whole: unknownCost, live: unknownCost * liveShare},
	};

	constructor(budget: Duration) {
		this.#budget = budget;
	}

	/** What the queues may use in the tick after so many others. */
	after(ticks: number): Duration {
		if (ticks === 0) return Math.max(this.#budget, firstBudget);
		const whole = this.#budget * (ticks <= warmingTicks ? warmingFactor : 1);
		return Math.max(whole * leastShare, whole - this.#heads);
	}

	/** What a queue is expected to cost: as much as the last times, else as much as others like it. */
	costOf(poll: QueuePoll, depth: Depth): Duration {
		return (depth === 'whole' ? poll.cost : undefined) ?? this.#guesses[poll.catalogue.storageMode][depth];
	}

	/** Takes in what one tick took: all of it that is not the queues'. */
	absorb({serverTime, answers}: TickAnswer): void {
		if (serverTime === undefined) return;
		const queues = answers.reduce((sum, {duration}) => sum + (duration ?? 0), 0);
		this.#heads = smooth(this.#heads, Math.max(0, serverTime - queues));
	}

	/** Takes in what a queue took that had no cost of its own yet. */
	learn({catalogue}: QueuePoll, depth: Depth, cost: Duration): void {
		const guesses = this.#guesses[catalogue.storageMode];
		guesses[depth] = smooth(guesses[depth], cost);
	}
}

/** Follows a change within some ticks: one queue is not like the other. */
function smooth(before: Duration, now: Duration): Duration {
	return before + (now - before) / 4;
}
