import type {Instant} from './snapshot.ts';

/** Rows that are read unasked, and after a wish for more. */
export const sweepLimit = 20_000;
export const sweepCap = 50_000;

/** The last row of a page: claims have an order by their instant and the run. */
export interface ClaimKey {
	readonly claim: Instant;
	readonly run: string;
}

/** The newest end. */
export const newestClaim: ClaimKey = {claim: Number.POSITIVE_INFINITY, run: 'ffffffff-ffff-ffff-ffff-ffffffffffff'};
