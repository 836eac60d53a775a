import type {Duration} from './snapshot.ts';

/**
 * Ratio of the bounds of a bucket: bucket `i` holds durations of (base^(i−1), base^i] milliseconds. 1.1 keeps every
 * percentile within 5 % of the truth.
 */
export const histogramBase = 1.1;

/** How many buckets a histogram keeps: a span of 1 to 440 between the shortest and the longest duration it can tell. */
const maxBuckets = 64;

/**
 * Counts of durations in logarithmic buckets. Two of them can be added up, which percentiles cannot. At most 64 buckets
 * are kept; should a distribution be wider, the shortest durations share one, so that the slow end stays right.
 */
export class Histogram {
	readonly #runs = new Map<number, number>();
	#samples = 0;

	/** How many durations were counted. */
	get samples(): number {
		return this.#samples;
	}

	/** Counts `runs` durations in a bucket, as `queue-finished` numbers them. */
	add(bucket: number, runs: number): void {
		this.#runs.set(bucket, (this.#runs.get(bucket) ?? 0) + runs);
		this.#samples += runs;
		if (this.#runs.size > maxBuckets) this.#joinShortest();
	}

	/** Adds another histogram to this one. */
	merge(other: Histogram): void {
		for (const [bucket, runs] of other.#runs) this.add(bucket, runs);
	}

	/** The duration that a share of all durations does not exceed (0.95 = p95); undefined without any. */
	percentile(share: number): Duration | undefined {
		let rest = Math.max(1, Math.ceil(share * this.#samples));
		for (const bucket of [...this.#runs.keys()].sort((a, b) => a - b)) {
			rest -= this.#runs.get(bucket) ?? 0;
			if (rest <= 0) return middle(bucket);
		}
		return undefined;
	}

	#joinShortest(): void {
		const [shortest, next] = [...this.#runs.keys()].sort((a, b) => a - b);
		if (shortest === undefined || next === undefined) return;
		this.#runs.set(next, (this.#runs.get(next) ?? 0) + (this.#runs.get(shortest) ?? 0));
		this.#runs.delete(shortest);
	}
}

/** The bucket that a duration belongs to: the same formula as in `sql/queue-finished.sql`. */
export function bucketOf(duration: Duration): number {
	return Math.ceil(Math.log(Math.max(duration, 1)) / Math.log(histogramBase));
}

/** The value of a bucket that is equally far, in proportion, from both of its bounds. */
function middle(bucket: number): Duration {
	return bucket <= 0 ? 1 : (2 * histogramBase ** bucket) / (histogramBase + 1);
}
