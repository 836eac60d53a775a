import {reconnectDelay} from './backoff.ts';
import type {Clock} from './clock.ts';
import type {Connection, Trouble} from './snapshot.ts';
import {type Source, type SourceFactory, troubleOf} from './source.ts';

/** Keeps one connection: makes it, notices when it is lost, and makes another one later. */
export class Link {
	readonly #connect: SourceFactory;
	readonly #clock: Clock;
	readonly #onLost: () => void;
	#source: Source | undefined;
	#attempt = 0;
	#retryAt = Number.NEGATIVE_INFINITY;
	#lost: {since: number; trouble: Trouble; retryWall: number} | undefined;
	#closed = false;

	/** `onLost` is called when a connection that was there is gone. */
	constructor(connect: SourceFactory, clock: Clock, onLost: () => void) {
		this.#connect = connect;
		this.#clock = clock;
		this.#onLost = onLost;
	}

	get source(): Source | undefined {
		return this.#source;
	}

	/** How the connection stands; schema and rights are not its business. */
	get connection(): Connection {
		if (this.#source) return {kind: 'live'};
		if (!this.#lost) return {kind: 'connecting', attempt: Math.max(1, this.#attempt)};
		const {since, trouble, retryWall} = this.#lost;
		return {kind: 'lost', since, retryAt: retryWall, trouble};
	}

	/** Milliseconds until the next try, 0 or less when it may be made now. */
	get wait(): number {
		return this.#retryAt - this.#clock.monotonic();
	}

	/** Connects. Answers undefined when that failed; `connection` then says why. */
	async connect(): Promise<Source | undefined> {
		this.#attempt++;
		try {
			const source = await this.#connect();
			if (this.#closed) {
				await source.close();
				return undefined;
			}
			this.#source = source;
			this.#lost = undefined;
			this.#attempt = 0;
			source.onLost(trouble => this.lose(source, trouble));
			return source;
		} catch (error) {
			this.#retryLater(troubleOf(error));
			return undefined;
		}
	}

	/** The connection broke. Told of twice (by the question under way and by the connection) it counts once. */
	lose(source: Source, trouble: Trouble): void {
		if (this.#source !== source || this.#closed) return;
		this.#source = undefined;
		this.#retryLater(trouble);
		// Nothing can be done about one that does not close: it is gone already.
		source.close().catch(() => undefined);
		this.#onLost();
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.#source?.close();
		this.#source = undefined;
	}

	#retryLater(trouble: Trouble): void {
		// A standby ends sessions that are in the way of replay: that is no outage, so the first retry is at once.
		const atOnce = trouble.sqlstate === '40001' && this.#attempt === 0;
		const delay = atOnce ? 0 : reconnectDelay(Math.max(1, this.#attempt), this.#clock);
		this.#retryAt = this.#clock.monotonic() + delay;
		const since = this.#lost?.since ?? this.#clock.wall();
		this.#lost = {since, trouble, retryWall: this.#clock.wall() + delay};
	}
}
