import type {RunTime} from './snapshot.ts';

/** Below this many finished runs a share says less than its two numbers, and a percentile is marked. */
export const fewSamples = 20;

/** Whether run times rest on few runs, or on what was read at the start. */
export function isThin({seed, samples}: Pick<RunTime, 'seed' | 'samples'>): boolean {
	return seed || samples < fewSamples;
}
