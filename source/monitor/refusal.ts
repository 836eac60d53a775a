import type {ActionKind} from './hands.ts';

/** An action that cannot work in a queue, and why. */
export interface Refusal {
	readonly queue: string;
	readonly kind: ActionKind;
	readonly sentence: string;
}
