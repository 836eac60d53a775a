import type {Claim, ClaimProgress, Duration, Instant} from './snapshot.ts';
import type {CheckpointRow, ClaimRow} from './source.ts';

/** Checkpoints of one task that are read; the newest is not known beyond it. */
export const checkpointRows = 20_001;

/** A task with more checkpoints than this is dear to ask: only every 30 s. */
const manyCheckpoints = 1000;
const manyInterval = 30_000;

interface Progress {
	readonly progress: ClaimProgress | null | undefined;
	readonly checkpoints: number;
	/** Lease end when it was read: a checkpoint moves it. */
	readonly leaseExpiresAt: Instant | null;
	readonly readAt: Instant;
}

/** The claims of one queue: what was read, and what only shows over time (full length of a lease, progress). */
export class ClaimBook {
	readonly #queue: string;
	#rows: readonly ClaimRow[] = [];
	readonly #spans = new Map<string, Duration>();
	readonly #progress = new Map<string, Progress>();
	#claims: readonly Claim[] | undefined;

	constructor(queue: string) {
		this.#queue = queue;
	}

	get rows(): readonly ClaimRow[] {
		return this.#rows;
	}

	/** Replaces the claims by a new reading. */
	absorb(rows: readonly ClaimRow[], now: Instant): void {
		this.#rows = rows;
		this.#claims = undefined;
		const runs = new Set<string>();
		for (const {runId, leaseExpiresAt} of rows) {
			runs.add(runId);
			if (leaseExpiresAt === null) continue;
			this.#spans.set(runId, Math.max(this.#spans.get(runId) ?? 0, leaseExpiresAt - now));
		}
		for (const runId of this.#spans.keys()) if (!runs.has(runId)) this.#spans.delete(runId);
		for (const runId of this.#progress.keys()) if (!runs.has(runId)) this.#progress.delete(runId);
	}

	/** Runs among those on screen whose newest checkpoint should be read again, most neglected first. */
	wantProgress(visible: ReadonlySet<string>, now: Instant): readonly ClaimRow[] {
		const readAt = (row: ClaimRow) => this.#progress.get(row.runId)?.readAt ?? Number.NEGATIVE_INFINITY;
		return this.#rows
			.filter(row => visible.has(row.runId) && this.#isOutdated(row, now))
			.sort((a, b) => readAt(a) - readAt(b));
	}

	/** Takes in the newest checkpoints of the tasks asked for. */
	absorbProgress(asked: readonly string[], rows: readonly CheckpointRow[], now: Instant): void {
		this.#claims = undefined;
		const byTask = new Map(rows.map(row => [row.taskId, row]));
		const wanted = new Set(asked);
		for (const {runId, taskId, leaseExpiresAt} of this.#rows) {
			if (!wanted.has(taskId)) continue;
			const row = byTask.get(taskId);
			const progress = progressOf(row, now);
			this.#progress.set(runId, {progress, checkpoints: row?.checkpoints ?? 0, leaseExpiresAt, readAt: now});
		}
	}

	/** The claims as the Snapshot shows them: the same list until something new was read. */
	claims(): readonly Claim[] {
		this.#claims ??= this.#make();
		return this.#claims;
	}

	#make(): readonly Claim[] {
		return this.#rows.map(row => ({
			queue: this.#queue,
			taskId: row.taskId,
			runId: row.runId,
			taskName: row.taskName ?? '',
			attempt: row.attempt,
			maxAttempts: row.maxAttempts,
			worker: row.worker,
			claimedAt: row.claimedAt,
			leaseExpiresAt: row.leaseExpiresAt,
			leaseSpan: this.#spans.get(row.runId),
			progress: this.#progress.get(row.runId)?.progress,
		}));
	}

	/** The soonest end of a lease after an instant. */
	nextLeaseEnd(after: Instant): Instant | undefined {
		let soonest = Number.POSITIVE_INFINITY;
		for (const {leaseExpiresAt} of this.#rows) {
			if (leaseExpiresAt !== null && leaseExpiresAt > after) soonest = Math.min(soonest, leaseExpiresAt);
		}
		return soonest === Number.POSITIVE_INFINITY ? undefined : soonest;
	}

	#isOutdated(row: ClaimRow, now: Instant): boolean {
		const known = this.#progress.get(row.runId);
		if (!known) return true;
		// Every checkpoint extends the lease: where it did not move there is nothing new. Without a lease only time tells.
		if (row.leaseExpiresAt !== null && known.leaseExpiresAt === row.leaseExpiresAt) return false;
		const often = known.checkpoints <= manyCheckpoints && row.leaseExpiresAt !== null;
		return often || now - known.readAt >= manyInterval;
	}
}

function progressOf(row: CheckpointRow | undefined, now: Instant): ClaimProgress | null | undefined {
	if (!row || row.checkpoints === 0) return null;
	if (row.checkpoints >= checkpointRows || row.name === undefined || row.at === undefined) return undefined;
	return {checkpoint: row.name, at: row.at, readAt: now};
}
