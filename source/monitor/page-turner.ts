/** Rows that one tick reads, in how many queues at most. */
const pageRows = 2000;
const queuesAtOnce = 20;

/** Where the reading of one queue goes on. */
export interface TurnedPage<Key> {
	readonly queue: string;
	/** The key of the last row that was read. */
	readonly before: Key;
	readonly rows: number;
	/** Nothing of this queue was read yet. */
	readonly first: boolean;
}

interface Place<Key> {
	before: Key;
	first: boolean;
	done: boolean;
}

/** Reads several queues page by page, each from its newest row back; they take turns where they are many. */
export class PageTurner<Key> {
	readonly #places: Map<string, Place<Key>>;
	#turn = 0;
	/** Rows that were read. */
	looked = 0;

	constructor(queues: readonly string[], start: Key) {
		this.#places = new Map(queues.map(queue => [queue, {before: start, first: true, done: false}]));
	}

	get queues(): readonly string[] {
		return [...this.#places.keys()];
	}

	get done(): boolean {
		return [...this.#places.values()].every(place => place.done);
	}

	/** How far a queue was read; undefined = to its end. */
	reached(queue: string): Key | undefined {
		const place = this.#places.get(queue);
		return place === undefined || place.done ? undefined : place.before;
	}

	/** The pages of this tick: at most `pageRows` rows together; none when everything or `limit` rows were read. */
	next(limit: number): readonly TurnedPage<Key>[] {
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
			const [queue, {before, first}] = entry;
			return [{queue, before, rows, first}];
		});
	}

	/** Notes how many rows a page had and the key of the last of them; fewer than were asked for were the last ones. */
	take(page: TurnedPage<Key>, count: number, last: Key | undefined): void {
		const place = this.#places.get(page.queue);
		if (!place) return;
		this.looked += count;
		place.first = false;
		place.done = count < page.rows;
		if (last !== undefined) place.before = last;
	}

	/** How far the reading has come; `cap` is the highest limit that can be asked for. */
	progress(limit: number, cap: number): ReadingProgress {
		if (this.done) return 'whole';
		if (this.looked < limit) return 'reading';
		return limit >= cap ? 'cap' : 'limit';
	}

	/** A queue that cannot be read is read no further. */
	leave(queue: string): void {
		const place = this.#places.get(queue);
		if (place) place.done = true;
	}
}

/** How far a reading has come: `reading` goes on with every tick; `limit` and `cap` stopped, the cap for good. */
export type ReadingProgress = 'reading' | 'whole' | 'limit' | 'cap';
