import type {Duration} from './snapshot.ts';

/**
 * Ratio of the bounds of a bucket: bucket `i` holds durations of (base^(i−1), base^i] milliseconds. 1.1 keeps every
 * percentile within 5 % of the truth.
 */
export const histogramBase = 1.1;

/** The last bucket: longer durations than 52 hours count as that. So many buckets are what 5 % from 1 ms on takes. */
const lastBucket = 200;

/** Counts of durations in logarithmic buckets, of fixed size. Two can be added up, which percentiles cannot. */
export class Histogram {
	readonly #runs = new Uint32Array(lastBucket + 1);
	#samples = 0;

	/** How many durations were counted. */
	get samples(): number {
		return this.#samples;
	}

	/** Counts `runs` durations in a bucket, as `queue-finished` numbers them. */
	add(bucket: number, runs: number): void {
		const index = Math.min(lastBucket, Math.max(0, bucket));
		this.#runs[index] = (this.#runs[index] ?? 0) + runs;
		this.#samples += runs;
	}

	/** Adds another histogram to this one. */
	merge(other: Histogram): void {
		// By number: entries would be two thousand little arrays for each queue and tick.
		for (let bucket = 0; bucket <= lastBucket; bucket++) {
			const runs = other.#runs[bucket] ?? 0;
			if (runs > 0) this.add(bucket, runs);
		}
	}

	/** How many durations were shorter than this, which is right within 5 % of it. */
	below(duration: Duration): number {
		return this.#runs.reduce((sum, runs, bucket) => (middle(bucket) < duration ? sum + runs : sum), 0);
	}

	/** The duration that a share of all durations does not exceed (0.95 = p95); undefined without any. */
	percentile(share: number): Duration | undefined {
		let rest = Math.max(1, Math.ceil(share * this.#samples));
		const bucket = this.#runs.findIndex(runs => {
			rest -= runs;
			return rest <= 0;
		});
		return bucket === -1 ? undefined : middle(bucket);
	}
}

/** The bucket that a duration belongs to: the same formula as in `sql/queue-finished.sql`. */
export function bucketOf(duration: Duration): number {
	return Math.ceil(Math.log(Math.max(duration, 1)) / Math.log(histogramBase));
}

/** The value of a bucket that is equally far, in proportion, from both of its bounds. */
function middle(bucket: number): Duration {
	return bucket === 0 ? 1 : (2 * histogramBase ** bucket) / (histogramBase + 1);
}
