import type {Instant, RunRef, State, Trouble} from './snapshot.ts';

/** A task with its last run. */
export interface TaskRow extends RunRef {
	readonly taskName: string;
	readonly state: State;
	readonly attempts: number;
	/** null = unlimited. */
	readonly maxAttempts: number | null;
	readonly enqueuedAt: Instant;
	readonly firstStartedAt: Instant | undefined;
	readonly key: string | undefined;
	/** Who holds or held the last run. */
	readonly worker: string | undefined;
	readonly leaseExpiresAt: Instant | undefined;
	/** When the last run is (or was) due; of a finished one when it was claimed. */
	readonly availableAt: Instant | undefined;
	readonly startedAt: Instant | undefined;
	/** When the last run completed or failed. */
	readonly finishedAt: Instant | undefined;
	readonly wakeEvent: string | undefined;
	readonly errorName: string | undefined;
	readonly errorMessage: string | undefined;
}

/** What a search of tasks is asked with. */
export interface TaskSearchAsk {
	readonly filter: string;
	/** Tasks that are wanted; reading stops when there are so many. */
	readonly wanted: number;
	/** Rows that may be looked at. */
	readonly limit: number;
}

/** What a search has found so far. */
export interface TaskSearch {
	readonly filter: string;
	/** In their order, newest first; nothing is missing between the first and the last. */
	readonly rows: readonly TaskRow[];
	/** `enqueued`: by the time of the task; `claimed`: by the last claim, or the time it is due. */
	readonly order: 'enqueued' | 'claimed';
	/** Rows looked at. */
	readonly looked: number;
	/** What rows were looked at: tasks, or runs in a state. */
	readonly kind: 'tasks' | 'runs';
	/** Whether there may be more: `all` was looked at; `reading` goes on by itself; `enough` were found; `stopped` at the limit. */
	readonly progress: 'all' | 'reading' | 'enough' | 'stopped';
	/** How far back everything was looked at; undefined = nothing yet, or everything. */
	readonly backTo: Instant | undefined;
	/** Queues that could not be searched. */
	readonly unread: readonly {readonly queue: string; readonly trouble: Trouble}[];
}

/** Tasks that one page of a search adds at most. */
export const searchPage = 200;

/** Rows that a search looks at before it asks to go on, and at most. */
export const searchReach = 10_000;
export const furthestReach = 50_000;

/** The time in a UUIDv7. */
export function idTime(id: string): Instant {
	return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
