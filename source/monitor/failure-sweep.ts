import type {FailedRun, FailureReport} from './failure-groups.ts';
import {type CompletedSample, FailureTally} from './failure-tally.ts';
import {PageTurner, type TurnedPage} from './page-turner.ts';
import type {Duration, Instant} from './snapshot.ts';

/** Rows that are read unasked, and after a wish for more. */
export const sweepLimit = 20_000;
export const sweepCap = 50_000;

const hour = 3_600_000;

/** The last row of a page: claims have an order by their instant and the run. */
export interface ClaimKey {
	readonly claim: Instant;
	readonly run: string;
}

/** The newest end. */
const newestClaim: ClaimKey = {claim: Number.POSITIVE_INFINITY, run: 'ffffffff-ffff-ffff-ffff-ffffffffffff'};

/** A page of claims back to an instant. */
export interface Page extends TurnedPage<ClaimKey> {
	readonly claimedFrom: Instant;
}

/** One reading of a window of failures, page by page, newest claims first. */
export class FailureSweep {
	readonly #turner: PageTurner<ClaimKey>;
	readonly #tally: FailureTally;
	readonly #unread: {readonly queue: string; readonly sentence: string}[] = [];
	readonly #until: Instant;
	readonly #claimedFrom: Instant;
	pages = 0;

	constructor(queues: readonly string[], until: Instant, window: Duration) {
		this.#turner = new PageTurner(queues, newestClaim);
		this.#until = until;
		this.#tally = new FailureTally(until - window, window);
		this.#claimedFrom = until - window - claimReach(window);
	}

	/** The pages of this tick; none when the window or `limit` is reached. */
	next(limit: number): readonly Page[] {
		return this.#turner.next(limit).map(page => ({...page, claimedFrom: this.#claimedFrom}));
	}

	/** The rows of a page, in its order. */
	take(page: Page, runs: readonly FailedRun[]): void {
		for (const run of runs) this.#tally.add(run);
		const last = runs.at(-1);
		this.#turner.take(page, runs.length, last && {claim: last.claimedAt, run: last.runId});
	}

	completed(sample: CompletedSample): void {
		this.#tally.addCompleted(sample);
	}

	/** A queue that cannot be read is left out and named. */
	refuse(queue: string, sentence: string): void {
		this.#turner.leave(queue);
		this.#unread.push({queue, sentence});
	}

	/** What is known so far. */
	report(limit: number): FailureReport {
		const backTo = (queue: string) => this.#turner.reached(queue)?.claim ?? this.#claimedFrom;
		const {looked, done, queues} = this.#turner;
		const backs = queues.map(backTo);
		return {
			groups: this.#tally.groups(backTo),
			from: this.#tally.from,
			until: this.#until,
			looked,
			backTo: Math.min(this.#until, Math.max(this.#claimedFrom, ...backs)),
			progress: done ? 'whole' : looked < limit ? 'reading' : limit >= sweepCap ? 'cap' : 'limit',
			renewing: false,
			unread: this.#unread,
		};
	}
}

/** How much longer ago than the window a failed attempt may have been claimed. */
export function claimReach(window: Duration): Duration {
	return Math.max(hour, Math.min(window, 24 * hour));
}
