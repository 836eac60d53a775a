import {type Judgement, judge} from './diagnosis.ts';
import type {QueueFacts} from './facts.ts';
import type {QueuePoll} from './queue-poll.ts';
import {type Moment, queueSnapshot} from './queue-snapshot.ts';
import type {Claim, Failure, Instant, QueueSnapshot} from './snapshot.ts';
import {Standing} from './trouble-order.ts';

/** What a queue is judged with besides what its readings told. */
export interface Circumstances extends Moment {
	/** Counters are always 0: what moved cannot be known. */
	readonly standby: boolean;
	/** The newest failures of one queue that are kept. */
	readonly failuresKept: number;
}

/**
 * One queue as it is shown, with what the rules say about it. It is made anew only when its readings or slow facts are
 * new, and judged anew when time has passed and it is its turn: of ten thousand queues a tick reads a few.
 */
export class QueuePortrait {
	readonly poll: QueuePoll;
	#revision = -1;
	#facts: QueueFacts | undefined;
	#judgedAt: Instant | undefined;
	#bare: QueueSnapshot | undefined;
	#shown: {readonly of: QueueSnapshot; readonly queue: QueueSnapshot} | undefined;
	#judgement: Judgement = {findings: [], unknown: [], severity: 'ok'};
	readonly #standing = new Standing();

	constructor(poll: QueuePoll) {
		this.poll = poll;
	}

	/** What was read, without what the rules say. */
	get bare(): QueueSnapshot {
		this.#bare ??= queueSnapshot(this.poll, {now: 0, monotonic: 0}, 'ok');
		return this.#bare;
	}

	get judgement(): Judgement {
		return this.#judgement;
	}

	get claims(): readonly Claim[] {
		return this.poll.claims.claims();
	}

	/** Newest first. */
	get failures(): readonly Failure[] {
		return this.poll.failures.failures;
	}

	/** Brings it up to date; where nothing but the time is new only when it is its `turn`. Answers whether it was read. */
	renew(circumstances: Circumstances, facts: QueueFacts | undefined, turn: boolean): boolean {
		const {revision} = this.poll;
		const read = this.#bare === undefined || revision !== this.#revision;
		const bare = this.#bare === undefined || read ? queueSnapshot(this.poll, circumstances, 'ok') : this.#bare;
		const now = this.#moment(circumstances);
		const known = !read && facts === this.#facts;
		this.#bare = bare;
		this.#revision = revision;
		if (known && (now === this.#judgedAt || !turn)) return false;
		this.#facts = facts;
		this.#judgedAt = now;
		const {failures, claims} = this;
		this.#judgement = judge({queue: bare, failures, claims, facts, now, failuresKept: circumstances.failuresKept});
		return read;
	}

	/** The queue as it is shown in the tick of an instant: the same value while nothing about it is new. */
	shown(at: Instant): QueueSnapshot {
		const {bare} = this;
		const severity = this.#standing.observe(this.#judgement.severity, at);
		if (this.#shown?.of !== bare || this.#shown.queue.severity !== severity) {
			this.#shown = {of: bare, queue: {...bare, severity}};
		}
		return this.#shown.queue;
	}

	/**
	 * The moment that the rules judge: now, as long as what was read still holds. A queue in which something moved since
	 * is judged by what it was when it was read: that nobody seems to have claimed since then says nothing.
	 */
	#moment({now, standby}: Circumstances): Instant {
		const {moved, readAt} = this.poll;
		return readAt !== undefined && (moved || standby) ? Math.min(now, readAt) : now;
	}
}
