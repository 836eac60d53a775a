import {Backoff} from './backoff.ts';
import {ClaimBook} from './claim-book.ts';
import {FailureBook} from './failure-book.ts';
import {FinishTracker} from './finish-tracker.ts';
import type {Histogram} from './histogram.ts';
import {LowerBounds} from './lower-bounds.ts';
import {ReadyRate} from './ready-rate.ts';
import type {Count, Instant} from './snapshot.ts';
import type {CatalogueQueue, LiveFigures} from './source.ts';

/** Everything that is remembered about one queue between ticks. What it asks and learns: queue-asks.ts, queue-absorb.ts. */
export class QueuePoll {
	readonly name: string;
	readonly backoff = new Backoff();
	readonly bounds = new LowerBounds();
	readonly finishes = new FinishTracker();
	readonly claims: ClaimBook;
	readonly failures: FailureBook;
	readonly readyRate = new ReadyRate();
	/** Last legs of the newest finished runs at the start. */
	seed: Histogram | undefined;
	/** Counts what changes how the queue is shown: who has seen this number has seen it all. */
	revision = 0;
	figures: LiveFigures | undefined;
	readAt: Instant | undefined;
	/** Database time when finished runs were last read. */
	finishedReadAt: Instant | undefined;
	/** Outcomes of the listed failures were last read then. */
	outcomesReadAt: Instant | undefined;
	/** The failures before the start were read. */
	failuresSeeded = false;
	lastClaimAt: Instant | undefined;
	/** Ready runs counted beyond the cap of the tick, a while ago. */
	deepReady: Count | undefined;
	/** Rows written as the counters said at the last reading, and at this tick. */
	writtenRead: number | undefined;
	written: number | undefined;
	/** The last two readings of what is alive differ: something happened that the counters may not tell yet. */
	stirred = false;
	/** What its statements took in the ticks that asked them, milliseconds, smoothed. */
	cost: number | undefined;

	#catalogue: CatalogueQueue;
	#locked = false;

	constructor(catalogue: CatalogueQueue) {
		this.name = catalogue.name;
		this.#catalogue = catalogue;
		this.claims = new ClaimBook(catalogue.name);
		this.failures = new FailureBook(catalogue.name);
	}

	/** What the registry and the server's catalogue say of it. */
	get catalogue(): CatalogueQueue {
		return this.#catalogue;
	}

	set catalogue(catalogue: CatalogueQueue) {
		const {runRows, storageMode} = this.#catalogue;
		if (runRows !== catalogue.runRows || storageMode !== catalogue.storageMode) this.revision++;
		this.#catalogue = catalogue;
	}

	/** An AccessExclusiveLock is held or awaited on its tables. */
	get locked(): boolean {
		return this.#locked;
	}

	set locked(locked: boolean) {
		if (locked !== this.#locked) this.revision++;
		this.#locked = locked;
	}

	/** Something was written since it was last read, as far as the counters and the live rows tell. */
	get moved(): boolean {
		return this.stirred || this.written !== this.writtenRead;
	}

	/** It was read, and nothing keeps it from being read. */
	get isReadable(): boolean {
		return !this.#locked && this.backoff.trouble === undefined && this.readAt !== undefined;
	}

	/** It is tried again at once where it was held back. */
	retryNow(): void {
		if (this.backoff.trouble) this.revision++;
		this.backoff.retryNow();
	}

	/** Another connection: what held it back, and what the counters of another server said, means nothing any more. */
	reconnected(): void {
		this.revision++;
		this.written = undefined;
		this.writtenRead = undefined;
		this.locked = false;
		this.backoff.succeed();
	}

	/** What a clock that went backwards or another server makes worthless. */
	startOver(): void {
		this.revision++;
		this.finishes.startOver();
		this.bounds.clear();
		this.readyRate.clear();
		this.finishedReadAt = undefined;
	}
}
