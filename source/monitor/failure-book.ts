import type {Failure, State} from './snapshot.ts';
import type {EndedRow, OutcomeRow} from './source.ts';

/** The newest failed attempts of one queue by when they failed, from whichever reading found them. */
export class FailureBook {
	readonly #queue: string;
	#failures: readonly Failure[] = [];

	constructor(queue: string) {
		this.#queue = queue;
	}

	/** Newest first. */
	get failures(): readonly Failure[] {
		return this.#failures;
	}

	/** Adds or renews failed runs, and keeps so many; other rows are ignored. */
	absorb(rows: readonly EndedRow[], kept: number): void {
		if (!rows.some(({state}) => state === 'failed') && this.#failures.length <= kept) return;
		const byRun = new Map(this.#failures.map(failure => [failure.runId, failure]));
		for (const row of rows) {
			if (row.state !== 'failed' || row.finishedAt === undefined) continue;
			byRun.set(row.runId, this.#failure(row, row.finishedAt));
		}
		this.#failures = [...byRun.values()]
			.sort((a, b) => b.failedAt - a.failedAt || (a.runId < b.runId ? 1 : -1))
			.slice(0, kept);
	}

	/** Renews what became of the tasks; those that are gone keep what was known. */
	absorbOutcomes(rows: readonly OutcomeRow[]): void {
		const byTask = new Map(rows.map(row => [row.taskId, row]));
		this.#failures = this.#failures.map(failure => {
			const row = byTask.get(failure.taskId);
			if (!row) return failure;
			return {...failure, taskState: row.state, outcome: outcomeOf(row.state, row.lastRunId === failure.runId)};
		});
	}

	#failure(row: EndedRow, failedAt: number): Failure {
		const taskState = row.taskState ?? 'failed';
		const {errorName, errorMessage} = errorOf(row);
		return {
			queue: this.#queue,
			taskId: row.taskId,
			runId: row.runId,
			taskName: row.taskName ?? '',
			attempt: row.attempt,
			maxAttempts: row.maxAttempts,
			failedAt,
			outcome: outcomeOf(taskState, row.isLast),
			taskState,
			errorName,
			errorMessage,
			worker: row.worker,
			leaseEndedAt: errorName === '$ClaimTimeout' ? row.leaseExpiresAt : undefined,
		};
	}
}

function outcomeOf(taskState: State, isLast: boolean): Failure['outcome'] {
	if (!isLast) return 'retried';
	return taskState === 'cancelled' ? 'cancelled' : 'dead';
}

function errorOf(row: EndedRow): {errorName: string; errorMessage: string} {
	const errorName = row.errorName ?? 'Error';
	if (row.errorMessage !== undefined) return {errorName, errorMessage: row.errorMessage};
	const bytes = row.reasonBytes;
	return {errorName, errorMessage: bytes === undefined ? '' : `reason of ${bytes} bytes without a message`};
}
