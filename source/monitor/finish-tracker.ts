import {Cutoffs} from './cutoffs.ts';
import {type FinishGroup, FinishWindow, windowSeconds} from './finish-window.ts';
import {bucketOf, Histogram} from './histogram.ts';
import {LongRunners} from './long-runners.ts';
import type {Duration, Instant} from './snapshot.ts';
import type {ClaimRow, EndedRow, Finished} from './source.ts';

/** What finished this long ago is committed: nothing appears later with an earlier finish time. */
const settleTime = 1500;

/** A claim older than this is always followed by key. */
const longestReach = 24 * 3_600_000;
const shortestReach = 1000;

/**
 * Rows that the range of one reading should come to, and the most it may read. Few, because every row of the range is
 * read with every tick until it is out of reach, and a run that is followed by key is read once.
 */
const wantedRows = 500;
export const finishedRows = 20_001;

/** Rows of the first frame. */
export const seedRows = 2001;

const windowLength = windowSeconds * 1000;

/** What the next reading of finished runs is to ask for. */
export interface FinishAsk {
	readonly claimedFrom: Instant;
	readonly finishedAfter: Instant;
	readonly settle: Duration;
	readonly rows: number;
}

/**
 * Counts every finished run of one queue once. Runs are read by claim time (what the index knows) and counted by finish
 * time; those claimed too long ago are followed by key (database.md 2).
 */
export class FinishTracker {
	readonly longRunners = new LongRunners();
	readonly #cutoffs = new Cutoffs();
	#window = new FinishWindow();
	#late: EndedRow[] = [];
	#reach = longestReach;
	#knownFrom: Instant | undefined;
	#depth: 'none' | 'seed' | 'whole' = 'none';

	/** Since when all finishes are known. */
	get knownFrom(): Instant | undefined {
		return this.#knownFrom;
	}

	get window(): FinishWindow {
		return this.#window;
	}

	/** The first frame read only few rows and more can be had: ask once more with `startOver`. */
	get shallow(): boolean {
		return this.#depth === 'seed';
	}

	/** Forgets everything but asks for more rows next time: the trend before the start is read from the index. */
	startOver(): void {
		this.#cutoffs.clear();
		this.longRunners.clear();
		this.#window = new FinishWindow();
		this.#late = [];
		this.#knownFrom = undefined;
	}

	/** What to ask at database time `now` (a guess is good enough). */
	ask(now: Instant): FinishAsk {
		const settled = this.#cutoffs.settledUntil;
		const from = settled === undefined ? undefined : this.#cutoffs.rangeFrom(settled);
		if (settled !== undefined && from !== undefined) {
			return {claimedFrom: from, finishedAfter: settled, settle: settleTime, rows: finishedRows};
		}
		return {
			claimedFrom: now - windowLength - longestReach,
			// A little more than the window: the trend is cut at whole seconds.
			finishedAfter: now - windowLength - 2000,
			settle: 0,
			rows: this.#depth === 'none' ? seedRows : finishedRows,
		};
	}

	/**
	 * Takes in a reading: what finished, and what was running in the same snapshot (oldest claim first; `complete` when
	 * these are all). `at` is no earlier than that snapshot.
	 */
	absorb(ask: FinishAsk, found: Finished, running: readonly ClaimRow[], complete: boolean, at: Instant): void {
		const first = this.#cutoffs.settledUntil === undefined;
		if (first) this.#begin(ask, found);
		else this.#adapt(ask, found);
		for (const group of found.groups) if (group.settled) this.#window.add(group);
		const provisional = found.groups.filter(group => !group.settled);
		const reach = complete ? at - this.#reach : Math.min(at - this.#reach, running.at(-1)?.claimedAt ?? at);
		const before = Math.max(this.#cutoffs.followedBefore ?? Number.NEGATIVE_INFINITY, reach);
		this.#cutoffs.add({at, followedBefore: before, settledUntil: found.settledUntil});
		this.longRunners.see(running, complete, before);
		this.#settleLate(found.settledUntil);
		const late = this.#late.filter(row => row.claimedAt < ask.claimedFrom);
		this.#window.setProvisional([...provisional, ...late.map(groupOf)]);
	}

	/** Takes in what became of vanished long runners. */
	absorbEnded(asked: readonly string[], rows: readonly EndedRow[]): readonly EndedRow[] {
		const finished = this.longRunners.resolve(asked, rows);
		this.#late.push(...finished);
		return finished;
	}

	/** Last legs of what completed in the window. */
	legs(now: Instant): Histogram {
		return this.#window.legs(now);
	}

	#begin(ask: FinishAsk, found: Finished): void {
		const truncated = Math.max(found.completed.rows, found.failed.rows) >= ask.rows;
		this.#depth = truncated && this.#depth === 'none' ? 'seed' : 'whole';
		this.#reach = clampReach(wantedRows / density(found));
		if (!truncated) {
			this.#knownFrom = ask.finishedAfter;
			return;
		}
		// Runs claimed before the oldest row read are not among these: only what finished a long leg later is complete.
		const legs = new Histogram();
		for (const group of found.groups) if (!group.failed) legs.add(group.bucket, group.runs);
		const oldest = Math.max(
			found.completed.rows >= ask.rows ? (found.completed.oldest ?? 0) : 0,
			found.failed.rows >= ask.rows ? (found.failed.oldest ?? 0) : 0,
		);
		this.#knownFrom = Math.min(found.settledUntil, Math.max(ask.finishedAfter, oldest + (legs.percentile(0.99) ?? 0)));
	}

	#adapt(ask: FinishAsk, found: Finished): void {
		const rows = found.completed.rows + found.failed.rows;
		const span = Math.max(1, found.now - ask.claimedFrom);
		const wanted = rows === 0 ? longestReach : clampReach((wantedRows * span) / rows);
		// Half the way at a time: one burst must not turn every run into a long one.
		this.#reach = clampReach((this.#reach + wanted) / 2);
	}

	#settleLate(settledUntil: Instant): void {
		const rest: EndedRow[] = [];
		for (const row of this.#late) {
			const finishedAt = row.finishedAt ?? 0;
			if (finishedAt > settledUntil) rest.push(row);
			else if (this.#cutoffs.isFollowed(row.claimedAt, finishedAt)) this.#window.add({...groupOf(row), settled: true});
		}
		this.#late = rest;
	}
}

function groupOf(row: EndedRow): FinishGroup {
	const finishedAt = row.finishedAt ?? row.claimedAt;
	return {
		settled: false,
		failed: row.state === 'failed',
		second: Math.floor(finishedAt / 1000),
		bucket: bucketOf(finishedAt - row.claimedAt),
		runs: 1,
	};
}

function clampReach(reach: Duration): Duration {
	return Math.min(longestReach, Math.max(shortestReach, reach));
}

/** Rows a millisecond of claim time, the denser of both states. */
function density({completed, failed}: Finished): number {
	const of = ({rows, oldest, newest}: Finished['completed']) =>
		rows === 0 || oldest === undefined || newest === undefined ? 0 : rows / Math.max(1, newest - oldest);
	return Math.max(of(completed), of(failed), 1e-9);
}
