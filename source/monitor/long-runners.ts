import type {Instant} from './snapshot.ts';
import type {ClaimRow, EndedRow} from './source.ts';

/** How many are followed; beyond it the oldest claims win. */
const capacity = 2000;

/** How many are looked up by key at once. */
const batch = 500;

/**
 * Runs that have been executing for so long that the range by claim time would not find them when they finish. They are
 * followed by key: one that is no longer among the running ones is looked up.
 */
export class LongRunners {
	readonly #claimedAt = new Map<string, Instant>();
	readonly #vanished = new Set<string>();

	get size(): number {
		return this.#claimedAt.size;
	}

	/** Keys to look up now. */
	get vanished(): readonly string[] {
		return [...this.#vanished].slice(0, batch);
	}

	/**
	 * Takes in what is running, oldest claim first. `complete` tells that there were no more than these. Those claimed
	 * before `before` are followed from now on; followed ones that should be among them and are not have vanished.
	 */
	see(running: readonly ClaimRow[], complete: boolean, before: Instant): void {
		const seen = new Set<string>();
		for (const {runId, claimedAt} of running) {
			seen.add(runId);
			const known = this.#claimedAt.get(runId);
			if (known === claimedAt) continue;
			// A new claim of the same run is a new leg, which counts as its own.
			if (known !== undefined) this.#claimedAt.delete(runId);
			if (claimedAt < before && this.size < capacity) this.#claimedAt.set(runId, claimedAt);
		}
		const reach = complete ? Number.POSITIVE_INFINITY : (running.at(-1)?.claimedAt ?? Number.NEGATIVE_INFINITY);
		this.#vanished.clear();
		for (const [runId, claimedAt] of this.#claimedAt) {
			if (!seen.has(runId) && claimedAt < reach) this.#vanished.add(runId);
		}
	}

	/** Takes in what the keys in `asked` were found to be; answers those whose followed leg has finished. */
	resolve(asked: readonly string[], found: readonly EndedRow[]): readonly EndedRow[] {
		const byRun = new Map(found.map(row => [row.runId, row]));
		const finished: EndedRow[] = [];
		for (const runId of asked) {
			const claimedAt = this.#claimedAt.get(runId);
			const row = byRun.get(runId);
			if (row?.state === 'running' && row.claimedAt === claimedAt) continue;
			this.#claimedAt.delete(runId);
			this.#vanished.delete(runId);
			if (row?.finishedAt !== undefined && row.claimedAt === claimedAt) finished.push(row);
		}
		return finished;
	}

	clear(): void {
		this.#claimedAt.clear();
		this.#vanished.clear();
	}
}
