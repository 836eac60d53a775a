import type {ActionKind} from './hands.ts';

/** What the catalogue says about one queue. */
export interface QueueIndexes {
	readonly queue: string;
	/** An index on `(state, available_at)` of its runs: claims need it, and so does every tick. */
	readonly byState: boolean;
	/** An index of its runs by task. */
	readonly byTask: boolean;
	/** Indexes that Postgres does not use: building them failed. */
	readonly invalid: readonly string[];
}

/** An action that cannot work in a queue, and why. */
export interface Refusal {
	readonly queue: string;
	readonly kind: ActionKind;
	readonly sentence: string;
}

/** What a check-up asks besides the tick. */
export interface DoctorFacts {
	readonly indexes: readonly QueueIndexes[];
	/** Of the first 50 queues. */
	readonly refusals: readonly Refusal[];
}
