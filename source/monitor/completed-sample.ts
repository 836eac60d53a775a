import {type ClaimKey, newestClaim, sweepCap} from './claim-key.ts';
import {PageTurner, type ReadingProgress, type TurnedPage} from './page-turner.ts';
import type {Instant} from './snapshot.ts';

/** Completed runs of one queue by task name, claimed since an instant and before the page in front of it. */
export interface CompletedPage {
	readonly since: Instant;
	readonly names: ReadonlyMap<string, number>;
}

/** What completed, for the shares of what failed. */
export interface CompletedSample {
	/** When the reading began: runs claimed later are not in it. */
	readonly until: Instant;
	/** Newest claims first. */
	readonly queues: ReadonlyMap<string, readonly CompletedPage[]>;
	/** Completed runs that were looked at. */
	readonly looked: number;
	readonly progress: ReadingProgress;
	readonly renewing: boolean;
}

/** A page of completed runs back to an instant. */
export interface CompletedAsk extends TurnedPage<ClaimKey> {
	readonly claimedFrom: Instant;
}

/** One reading of completed runs, page by page, newest claims first. */
export class CompletedSweep {
	readonly #turner: PageTurner<ClaimKey>;
	readonly #pages = new Map<string, CompletedPage[]>();
	readonly #until: Instant;
	readonly #claimedFrom: Instant;
	pages = 0;

	constructor(queues: readonly string[], until: Instant, claimedFrom: Instant) {
		this.#turner = new PageTurner(queues, newestClaim);
		this.#until = until;
		this.#claimedFrom = claimedFrom;
	}

	/** The pages of this tick; none when the beginning or `limit` runs were read. */
	next(limit: number): readonly CompletedAsk[] {
		return this.#turner.next(limit).map(page => ({...page, claimedFrom: this.#claimedFrom}));
	}

	/** What a page told: how many runs there were, the last of them, and how many of each name. */
	take(page: CompletedAsk, runs: number, last: ClaimKey | undefined, names: ReadonlyMap<string, number>): void {
		this.#turner.take(page, runs, last);
		const since = this.#turner.reached(page.queue)?.claim ?? this.#claimedFrom;
		this.#pages.set(page.queue, [...(this.#pages.get(page.queue) ?? []), {since, names}]);
	}

	/** A queue that cannot be read has no shares. */
	refuse(queue: string): void {
		this.#turner.leave(queue);
	}

	report(limit: number): CompletedSample {
		return {
			until: this.#until,
			queues: new Map(this.#pages),
			looked: this.#turner.looked,
			progress: this.#turner.progress(limit, sweepCap),
			renewing: false,
		};
	}
}
