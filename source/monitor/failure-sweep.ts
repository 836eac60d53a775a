import {type ClaimKey, newestClaim, sweepCap} from './claim-key.ts';
import type {CompletedSample} from './completed-sample.ts';
import type {FailedRun, FailureReport} from './failure-groups.ts';
import {FailureTally} from './failure-tally.ts';
import {PageTurner, type TurnedPage} from './page-turner.ts';
import type {Duration, Instant} from './snapshot.ts';

const hour = 3_600_000;

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
	readonly #completed: () => CompletedSample | undefined;
	pages = 0;

	/** `completed` answers what is known of completed runs whenever shares are counted. */
	constructor(
		queues: readonly string[],
		until: Instant,
		window: Duration,
		completed: () => CompletedSample | undefined,
	) {
		this.#completed = completed;
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

	/** A queue that cannot be read is left out and named. */
	refuse(queue: string, sentence: string): void {
		this.#turner.leave(queue);
		this.#unread.push({queue, sentence});
	}

	/** What is known so far. */
	report(limit: number): FailureReport {
		const backTo = (queue: string) => this.#turner.reached(queue)?.claim ?? this.#claimedFrom;
		const {looked, queues} = this.#turner;
		const completed = this.#completed();
		const backs = queues.map(backTo);
		return {
			groups: this.#tally.groups(backTo, completed),
			from: this.#tally.from,
			until: this.#until,
			looked,
			backTo: Math.min(this.#until, Math.max(this.#claimedFrom, ...backs)),
			progress: this.#turner.progress(limit, sweepCap),
			sampled: completed === undefined ? undefined : {looked: completed.looked, progress: completed.progress},
			renewing: false,
			unread: this.#unread,
		};
	}
}

/** How much longer ago than the window a failed attempt may have been claimed. */
export function claimReach(window: Duration): Duration {
	return Math.max(hour, Math.min(window, 24 * hour));
}
