import type {Instant, RunRef, State, TaskRef} from './snapshot.ts';

/** The actions that can be done to many tasks at once. */
export type BulkKind = 'retry' | 'cancel';

/** Ids are fixed when the dialog opens: whatever is refreshed or filtered afterwards, nothing is added. */
export interface BulkIntent {
	readonly kind: BulkKind;
	readonly tasks: readonly TaskRef[];
	/** How many of these the list does not show, because of its filter or because they are on another screen. */
	readonly hidden: number;
	/** Of more tasks than may be acted on at once the first are taken, which are the newest. */
	readonly newestFirst?: boolean | undefined;
	/** So many were left out for that. */
	readonly left?: number | undefined;
	/** In place of `tasks`: everything that a filter matches, looked for by the database when it counts. */
	readonly search?: BulkSearch | undefined;
}

/** Everything that a filter matches, also what no list has loaded. */
export interface BulkSearch {
	readonly filter: string;
	/** Queues that were shown; no others are searched. */
	readonly queues: readonly string[];
	/** Database time when it was asked for: what was spawned, or has failed, after it is not meant. */
	readonly until: Instant;
	/** Tasks that are taken at most; undefined = `defaultBulkCap`. */
	readonly most?: number | undefined;
}

/** How a search for everything that matches ended. */
export interface BulkFound {
	/** `all`: everything was found; `cap`: more match than are taken; `reach`: older ones were not looked at. */
	readonly end: 'all' | 'cap' | 'reach';
	/** What was asked of the database: the filter, and the states that the action is for. */
	readonly filter: string;
	/** Rows that were looked at. */
	readonly looked: number;
	/** Queues that could not be searched. */
	readonly unread: readonly string[];
}

/** A task as it was when the database counted. */
export interface BulkTask extends TaskRef {
	readonly name: string;
	readonly state: State;
	readonly attempts: number;
}

export interface BulkSkip {
	readonly task: TaskRef;
	/** Why, in words that many tasks can share: `not failed any more: pending`. */
	readonly reason: string;
}

/** What the database said at one moment about every task of an intent. */
export interface BulkPreview {
	readonly at: Instant;
	readonly act: readonly BulkTask[];
	readonly skipped: readonly BulkSkip[];
	/** Set where the tasks were searched. */
	readonly found?: BulkFound | undefined;
}

/** What became of one task. */
export type BulkFate =
	/** `made`: the run that a retry made, as the call answered it; of another task where it was spawned anew. */
	| {readonly kind: 'done'; readonly made?: RunRef | undefined}
	/** Nothing was changed, because there was nothing to do any more. */
	| {readonly kind: 'skipped'; readonly reason: string}
	| {readonly kind: 'failed'; readonly reason: string; readonly sqlstate: string | undefined}
	/** The connection broke before the answer, and the task could not be looked up either. */
	| {readonly kind: 'unknown'; readonly reason: string}
	/**
	 * Known not to have happened: stopped before it was its turn; or, with a reason, sent over a connection that broke, and
	 * looked up by its key.
	 */
	| {readonly kind: 'unsent'; readonly reason?: string | undefined};

export interface BulkResult {
	readonly task: BulkTask;
	readonly fate: BulkFate;
}

/** How a running bulk action is steered and watched. */
export interface BulkControl {
	/** Tasks a second at most. */
	rate(): number;
	/** Nothing more is sent once this is true. */
	stopped(): boolean;
	/** Told as answers come, with what became of the tasks; each once, in the order in which they were sent. */
	progress(results: readonly BulkResult[]): void;
	/** Told before tasks are sent, each once. */
	sending?(tasks: readonly BulkTask[]): void;
	/** Told before those whose answers were lost are looked up. */
	lookingUp?(count: number): void;
}

/** What a bulk action did: a result for every task that it was to act on. */
export interface BulkReport {
	readonly results: readonly BulkResult[];
	/** Why it ended early, undefined when it did not. */
	readonly trouble: string | undefined;
}

/** Tasks that one bulk action takes at most, unless `--bulk-cap` says otherwise. */
export const defaultBulkCap = 1000;

/** Tasks a second, unless the dialog says otherwise. */
export const defaultBulkRate = 200;

/**
 * One statement and one transaction each, so many under way at the same time: sent, and not known yet what became of it.
 * Further ones are sent as answers come. One connection is answered in the order in which it asked: a call that waits for
 * a lock holds up those behind it for at most a second, its `lock_timeout`.
 */
export const bulkInFlight = 50;

/** A task's key in sets and maps: ids are unique only together with their queue. */
export function taskKey({queue, taskId}: TaskRef): string {
	return `${queue} ${taskId}`;
}

const ended: ReadonlySet<State> = new Set(['completed', 'failed', 'cancelled']);

/** Why a task in this state is left alone, undefined when it is not. */
export function bulkSkip(kind: BulkKind, state: State): string | undefined {
	if (kind === 'retry') return state === 'failed' ? undefined : `not failed (any more): ${state}`;
	return ended.has(state) ? `ended already: ${state}` : undefined;
}

/** A bulk action as far as it was told. */
export interface BulkUnderWay {
	readonly tasks: readonly BulkTask[];
	readonly results: readonly BulkResult[];
	/** Sent, answered or not. */
	readonly sent: readonly BulkTask[];
}

/** What is known of a bulk action that nobody waits for any longer: what is under way may or may not happen. */
export function cutShort({tasks, results, sent}: BulkUnderWay): readonly BulkResult[] {
	const known = new Set(results.map(({task}) => taskKey(task)));
	const asked = new Set(sent.map(taskKey));
	const reason = 'The program ended before the answer came. Look it up before you try again.';
	const rest = tasks.filter(task => !known.has(taskKey(task)));
	return [
		...results,
		...rest.map(
			(task): BulkResult => ({task, fate: asked.has(taskKey(task)) ? {kind: 'unknown', reason} : {kind: 'unsent'}}),
		),
	];
}

/** Results by the kind of their fate. */
export function countFates(results: readonly BulkResult[]): Readonly<Record<BulkFate['kind'], number>> {
	const counts = {done: 0, skipped: 0, failed: 0, unknown: 0, unsent: 0};
	for (const {fate} of results) counts[fate.kind]++;
	return counts;
}

const words: Readonly<Record<BulkFate['kind'], string>> = {
	done: 'done',
	skipped: 'skipped',
	failed: 'failed',
	unknown: 'unknown',
	unsent: 'not done',
};

const order = ['done', 'skipped', 'failed', 'unknown', 'unsent'] as const;

/** `380 done · 2 skipped · 1 failed`, for the end of a bulk action. */
export function bulkSummary(results: readonly BulkResult[]): string {
	const counts = countFates(results);
	const parts = order.filter(kind => kind === 'done' || counts[kind] > 0).map(kind => `${counts[kind]} ${words[kind]}`);
	return parts.join(' · ');
}

/** Reasons and how many share each, the most frequent first. */
export function countReasons(reasons: readonly string[]): ReadonlyArray<readonly [reason: string, count: number]> {
	const counts = new Map<string, number>();
	for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
	return [...counts].sort(([, first], [, second]) => second - first);
}
