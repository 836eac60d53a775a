import type {QueueSnapshot} from './snapshot.ts';

/** What is to be said of figures of finished runs that are not, or not all, counted as they finished. */
export interface Caveats {
	/**
	 * Failed and finished attempts of five minutes: a part of them is from a reading at the start that stopped at its cap
	 * of rows and is within 1 %, or the five minutes are not known whole.
	 */
	readonly fail5m: boolean;
	/** Completed runs a second: likewise of their minute. */
	readonly donePerSecond: boolean;
	/** Some that the trend shows finished before the program started: they were read from the index. */
	readonly trend: boolean;
}

/** What is to be said of the sums over queues: what is to be said of any of them. */
export function caveatsOf(queues: readonly Pick<QueueSnapshot, 'caveats'>[]): Caveats {
	const any = (figure: keyof Caveats) => queues.some(({caveats}) => caveats?.[figure] === true);
	return {fail5m: any('fail5m'), donePerSecond: any('donePerSecond'), trend: any('trend')};
}
