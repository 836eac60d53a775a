import type {CompletedSample} from './completed-sample.ts';
import {type FailedRun, type FailureGroup, groupKey, normaliseMessage, trendBar, trendBars} from './failure-groups.ts';
import type {Duration, Instant, TaskRef} from './snapshot.ts';

/** Runs of one group that can be listed: more would be megabytes that nobody walks through. */
export const keptRuns = 5000;

interface Tally {
	readonly runs: FailedRun[];
	readonly deadTasks: TaskRef[];
	readonly trend: number[];
	readonly queues: Set<string>;
	readonly counts: Record<FailedRun['outcome'], number>;
	first: Instant;
	last: Instant;
	worst: FailedRun;
}

/** Failures of one window, counted by what they have in common. Every run must be given once only. */
export class FailureTally {
	readonly #groups = new Map<string, Tally>();
	/** Claims of failed runs by queue, task name and group: what shares are made of. */
	readonly #claims = new Map<string, {readonly group: string; readonly at: Instant}[]>();
	readonly from: Instant;
	readonly window: Duration;

	constructor(from: Instant, window: Duration) {
		this.from = from;
		this.window = window;
	}

	/** Counts a failed run; one that failed before the window only counts for shares. */
	add(run: FailedRun): void {
		const key = groupKey(run);
		const claims = this.#claims.get(nameKey(run.queue, run.taskName)) ?? [];
		claims.push({group: key, at: run.claimedAt});
		this.#claims.set(nameKey(run.queue, run.taskName), claims);
		if (run.failedAt < this.from) return;
		const tally = this.#groups.get(key) ?? begin(run);
		this.#groups.set(key, tally);
		tally.counts[run.outcome]++;
		tally.queues.add(run.queue);
		tally.first = Math.min(tally.first, run.failedAt);
		tally.last = Math.max(tally.last, run.failedAt);
		const bar = trendBar(run.failedAt, this.from, this.window);
		tally.trend[bar] = (tally.trend[bar] ?? 0) + 1;
		if (run.attempt > tally.worst.attempt) tally.worst = run;
		if (run.outcome === 'dead') tally.deadTasks.push({queue: run.queue, taskId: run.taskId});
		if (tally.runs.length < keptRuns) tally.runs.push(run);
	}

	/**
	 * The groups, those with the most dead first. `backTo`: since when all failed claims are known, by queue; `completed`:
	 * what shares are made of.
	 */
	groups(backTo: (queue: string) => Instant, completed: CompletedSample | undefined): readonly FailureGroup[] {
		return [...this.#groups]
			.map(([key, tally]) => this.#groupOf(key, tally, backTo, completed))
			.sort((a, b) => b.dead - a.dead || b.retried - a.retried || b.lastAt - a.lastAt || (a.key < b.key ? -1 : 1));
	}

	#groupOf(
		key: string,
		tally: Tally,
		backTo: (queue: string) => Instant,
		completed: CompletedSample | undefined,
	): FailureGroup {
		const {worst} = tally;
		return {
			key,
			taskName: worst.taskName,
			errorName: worst.errorName,
			pattern: normaliseMessage(worst.errorMessage),
			dead: tally.counts.dead,
			retried: tally.counts.retried,
			cancelled: tally.counts.cancelled,
			firstAt: tally.first,
			lastAt: tally.last,
			attempt: worst.attempt,
			maxAttempts: worst.maxAttempts,
			trend: tally.trend,
			queues: [...tally.queues].sort(),
			share: completed && this.#share(key, tally, backTo, completed),
			deadTasks: tally.deadTasks,
			runs: tally.runs,
		};
	}

	/** Failed and completed runs are compared over the time in which both are known. */
	#share(key: string, {worst, queues}: Tally, backTo: (queue: string) => Instant, completed: CompletedSample) {
		const name = worst.taskName;
		let failed = 0;
		let runs = 0;
		let oldest = Number.POSITIVE_INFINITY;
		for (const queue of queues) {
			const pages = (completed.queues.get(queue) ?? []).filter(({since}) => since >= backTo(queue));
			const since = pages.at(-1)?.since;
			if (since === undefined) return undefined;
			const claims = (this.#claims.get(nameKey(queue, name)) ?? []).filter(
				({at}) => at >= since && at <= completed.until,
			);
			failed += claims.filter(({group}) => group === key).length;
			runs += claims.length + pages.reduce((sum, {names}) => sum + (names.get(name) ?? 0), 0);
			oldest = Math.min(oldest, since);
		}
		return {failed, runs, since: oldest};
	}
}

function nameKey(queue: string, taskName: string): string {
	return JSON.stringify([queue, taskName]);
}

function begin(run: FailedRun): Tally {
	return {
		runs: [],
		deadTasks: [],
		trend: Array.from({length: trendBars}, () => 0),
		queues: new Set(),
		counts: {dead: 0, retried: 0, cancelled: 0},
		first: run.failedAt,
		last: run.failedAt,
		worst: run,
	};
}
