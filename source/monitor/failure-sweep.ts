import type {FailedRun, FailureReport} from './failure-groups.ts';
import {type CompletedSample, FailureTally} from './failure-tally.ts';
import type {Duration, Instant} from './snapshot.ts';

/** Rows that one tick reads, in how many queues at most. */
const pageRows = 2000;
const queuesAtOnce = 20;

/** Rows that are read unasked, and after a wish for more. */
export const sweepLimit = 20_000;
export const sweepCap = 50_000;

const hour = 3_600_000;
const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Where the reading of a queue goes on. */
export interface Page {
	readonly queue: string;
	readonly claimedFrom: Instant;
	readonly beforeClaim: Instant;
	readonly beforeRun: string;
	readonly rows: number;
	/** Nothing of this queue was read yet. */
	readonly first: boolean;
}

interface Place {
	beforeClaim: Instant;
	beforeRun: string;
	first: boolean;
	done: boolean;
}

/** One reading of a window of failures, page by page, newest claims first. */
export class FailureSweep {
	readonly #places: Map<string, Place>;
	readonly #tally: FailureTally;
	readonly #unread: {readonly queue: string; readonly sentence: string}[] = [];
	readonly #until: Instant;
	readonly #claimedFrom: Instant;
	#turn = 0;
	looked = 0;
	pages = 0;

	constructor(queues: readonly string[], until: Instant, window: Duration) {
		this.#places = new Map(
			queues.map(queue => [
				queue,
				{beforeClaim: Number.POSITIVE_INFINITY, beforeRun: highestId, first: true, done: false},
			]),
		);
		this.#until = until;
		this.#tally = new FailureTally(until - window, window);
		this.#claimedFrom = until - window - claimReach(window);
	}

	get done(): boolean {
		return [...this.#places.values()].every(place => place.done);
	}

	/** The pages of this tick: at most `pageRows` rows together; none when the window or `limit` is reached. */
	next(limit: number): readonly Page[] {
		const open = [...this.#places].filter(([, place]) => !place.done);
		if (this.looked >= limit || open.length === 0) return [];
		const turn = this.#turn++ * queuesAtOnce;
		const chosen = Array.from(
			{length: Math.min(queuesAtOnce, open.length)},
			(_, index) => open[(turn + index) % open.length],
		);
		const rows = Math.max(1, Math.floor(Math.min(pageRows, limit - this.looked) / chosen.length));
		return chosen.flatMap(entry => {
			if (!entry) return [];
			const [queue, {beforeClaim, beforeRun, first}] = entry;
			return [{queue, claimedFrom: this.#claimedFrom, beforeClaim, beforeRun, rows, first}];
		});
	}

	/** The rows of a page, in its order. */
	take(page: Page, runs: readonly FailedRun[]): void {
		const place = this.#places.get(page.queue);
		if (!place) return;
		for (const run of runs) this.#tally.add(run);
		this.looked += runs.length;
		const last = runs.at(-1);
		place.first = false;
		place.done = runs.length < page.rows;
		if (last) {
			place.beforeClaim = last.claimedAt;
			place.beforeRun = last.runId;
		}
	}

	completed(sample: CompletedSample): void {
		this.#tally.addCompleted(sample);
	}

	/** A queue that cannot be read is left out and named. */
	refuse(queue: string, sentence: string): void {
		const place = this.#places.get(queue);
		if (place) place.done = true;
		this.#unread.push({queue, sentence});
	}

	/** What is known so far. */
	report(limit: number, renewing: boolean): FailureReport {
		const backTo = (queue: string) => {
			const place = this.#places.get(queue);
			return place === undefined || place.done ? this.#claimedFrom : place.beforeClaim;
		};
		const backs = [...this.#places.keys()].map(backTo);
		return {
			groups: this.#tally.groups(backTo),
			from: this.#tally.from,
			until: this.#until,
			looked: this.looked,
			backTo: Math.min(this.#until, Math.max(this.#claimedFrom, ...backs)),
			progress: this.done ? 'whole' : this.looked < limit ? 'reading' : limit >= sweepCap ? 'cap' : 'limit',
			renewing,
			unread: this.#unread,
		};
	}
}

/** How much longer ago than the window a failed attempt may have been claimed. */
export function claimReach(window: Duration): Duration {
	return Math.max(hour, Math.min(window, 24 * hour));
}
