import {Cutoffs} from './cutoffs.ts';
import {historySeconds, slotAfter, slotSeconds} from './finish-history.ts';
import {type FinishGroup, FinishWindow, windowSeconds} from './finish-window.ts';
import {bucketOf, Histogram} from './histogram.ts';
import {LongRunners} from './long-runners.ts';
import type {Duration, Instant, Past} from './snapshot.ts';
import type {ClaimRow, EndedRow, Finished} from './source.ts';
import {TypeHistory} from './type-history.ts';

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

/** Finished runs that one reading tells by task name: each is a look by key. Of more a sample is taken. */
const namedRows = 100;

/** Rows of the first frame. */
export const seedRows = 2001;

/** A little more than the window, whose histograms begin at a slot, and the half hour: both are cut at whole seconds. */
const fineLength = (windowSeconds + slotSeconds + 2) * 1000;
const historyLength = (historySeconds + 2) * 1000;

/**
 * What was read from the index at the start is within 1 %: one leg of an hour must not hide the half hour. What was
 * missed while running is left out whole.
 */
const usualLegs = 0.99;

/** What the next reading of finished runs is to ask for. */
export interface FinishAsk {
	readonly claimedFrom: Instant;
	readonly finishedAfter: Instant;
	/** What finished before this is wanted by slots only. */
	readonly fineFrom: Instant;
	readonly settle: Duration;
	/** How many of those that settled are wanted by task name. */
	readonly named: number;
	readonly rows: number;
}

/**
 * Counts every finished run of one queue once. Runs are read by claim time (what the index knows) and counted by finish
 * time; those claimed too long ago are followed by key (database.md 2).
 */
export class FinishTracker {
	readonly longRunners = new LongRunners();
	/** What finished since the first reading, by task name. */
	readonly types = new TypeHistory();
	readonly #cutoffs = new Cutoffs();
	#window = new FinishWindow();
	#late: EndedRow[] = [];
	#reach = longestReach;
	#knownFrom: Instant | undefined;
	#historyFrom: Instant | undefined;
	#liveFrom: Instant | undefined;
	#estimatedUntil: Instant | undefined;
	#depth: 'none' | 'seed' | 'whole' = 'none';

	/** Since when all finishes are known. */
	get knownFrom(): Instant | undefined {
		return this.#knownFrom;
	}

	/** What finished before this was read by a capped reading at the start and is within 1 %; undefined = all is exact. */
	get estimatedUntil(): Instant | undefined {
		return this.#estimatedUntil;
	}

	/** What finished before this was read from the index when the program started. */
	get liveFrom(): Instant | undefined {
		return this.#liveFrom;
	}

	get window(): FinishWindow {
		return this.#window;
	}

	/** The last half hour at database time `now`; undefined before the first reading. */
	past(now: Instant): Past | undefined {
		if (this.#historyFrom === undefined || this.#liveFrom === undefined) return undefined;
		const until = slotAfter(now) * slotSeconds * 1000;
		return {until, slots: this.#window.past(now, this.#historyFrom / 1000), liveFrom: this.#liveFrom};
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
		this.#historyFrom = undefined;
		this.#liveFrom = undefined;
		this.#estimatedUntil = undefined;
	}

	/** What to ask at database time `now` (a guess is good enough). */
	ask(now: Instant): FinishAsk {
		const settled = this.#cutoffs.settledUntil;
		const from = settled === undefined ? undefined : this.#cutoffs.rangeFrom(settled);
		const fineFrom = now - fineLength;
		if (settled !== undefined && from !== undefined) {
			return {
				claimedFrom: from,
				finishedAfter: settled,
				fineFrom,
				settle: settleTime,
				named: namedRows,
				rows: finishedRows,
			};
		}
		return {
			claimedFrom: now - historyLength - longestReach,
			finishedAfter: now - historyLength,
			fineFrom,
			settle: 0,
			named: 0,
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
		this.#name(ask, found);
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
		const truncated = isTruncated(ask, found);
		this.#depth = truncated && this.#depth === 'none' ? 'seed' : 'whole';
		this.#reach = clampReach(wantedRows / density(found));
		this.#knownFrom = truncated ? completeFrom(ask, found, usualLegs) : ask.finishedAfter;
		this.#historyFrom = this.#knownFrom;
		this.#liveFrom = found.settledUntil;
		this.#estimatedUntil = truncated ? found.settledUntil : undefined;
		this.types.begin(found.settledUntil);
	}

	#name({named, finishedAfter, fineFrom}: FinishAsk, {groups, names, settledUntil}: Finished): void {
		// After a long pause what finished early in it has no name: counting begins anew.
		if (named > 0 && finishedAfter < fineFrom) this.types.begin(fineFrom);
		this.types.add(names, settledUntil);
		const settled = groups.filter(group => group.settled && group.bucket !== undefined);
		if (named > 0 && settled.reduce((sum, {runs}) => sum + runs, 0) > named) this.types.noteSampled();
	}

	#adapt(ask: FinishAsk, found: Finished): void {
		if (isTruncated(ask, found)) {
			// After a long pause or a flood: what lies further back than the rows that were read is not known.
			this.types.noteSampled();
			const from = completeFrom(ask, found, 1);
			// The next readings still reach back so far; all that is new to them is among their rows.
			if (from > ask.finishedAfter) {
				this.#knownFrom = from;
				this.#window.miss(ask.finishedAfter / 1000, from / 1000);
			}
		}
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
			else if (this.#cutoffs.isFollowed(row.claimedAt, finishedAt)) this.#settle(row, settledUntil);
		}
		this.#late = rest;
	}

	#settle(row: EndedRow, settledUntil: Instant): void {
		const group = groupOf(row);
		this.#window.add({...group, settled: true});
		const {taskName} = row;
		if (taskName === undefined) return;
		const {failed, bucket, runs} = group;
		this.types.add([{taskName, failed, bucket, waited: undefined, runs}], settledUntil);
	}
}

function isTruncated({rows}: FinishAsk, {completed, failed}: Finished): boolean {
	return Math.max(completed.rows, failed.rows) >= rows;
}

/**
 * From when on a truncated reading has everything that finished. Runs claimed before the oldest row read are not among
 * its rows, so only what finished a leg later is complete: one that is no shorter than this share of those seen.
 */
function completeFrom(
	{rows, finishedAfter}: FinishAsk,
	{completed, failed, groups, settledUntil}: Finished,
	share: number,
): Instant {
	const legs = new Histogram();
	for (const group of groups) if (!group.failed && group.bucket !== undefined) legs.add(group.bucket, group.runs);
	const oldest = Math.max(
		completed.rows >= rows ? (completed.oldest ?? 0) : 0,
		failed.rows >= rows ? (failed.oldest ?? 0) : 0,
	);
	return Math.min(settledUntil, Math.max(finishedAfter, oldest + (legs.percentile(share) ?? 0)));
}

function groupOf(row: EndedRow): FinishGroup & {readonly bucket: number} {
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
