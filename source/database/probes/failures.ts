import type {FailedRun, FailureReport} from '../../monitor/failure-groups.ts';
import {FailureSweep, type Page} from '../../monitor/failure-sweep.ts';
import type {ProbeOf} from '../../monitor/probe.ts';
import type {Duration, Instant} from '../../monitor/snapshot.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import type {TableBook} from '../catalog.ts';
import {instantText, number, optionalNumber, optionalState, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement, StatementOutcome} from '../statement.ts';
import {type Prober, type ProbeTools, rowsOf} from './probe.ts';

/** Completed runs read to know what share of a task type failed. */
const completedRows = 2000;

/** After a reading of n pages so long nothing is read, per page: at most every other tick works. */
const restPerPage = 4000;

/** The page of failed attempts as a statement. */
export function failedPage(page: Page): Statement {
	const {queue, claimedFrom, beforeClaim, beforeRun, rows} = page;
	const bounds = {
		claimed_from: instantText(claimedFrom),
		before_claim: instantText(beforeClaim),
		before_run: beforeRun,
	};
	return statement('failed-page', tableIdentifiers(queue, ['r', 't']), {...bounds, rows}, queue);
}

/** The statement that tells how many runs of each name completed. */
export function completedNames(queue: string, claimedFrom: Instant): Statement {
	const values = {claimed_from: instantText(claimedFrom), rows: completedRows};
	return statement('completed-names', tableIdentifiers(queue, ['r', 't']), values, queue);
}

function outcomeOf(row: Row): FailedRun['outcome'] {
	const state = optionalState(row, 'task_state');
	if (state === 'cancelled') return 'cancelled';
	return state === 'failed' && row['is_last'] === true ? 'dead' : 'retried';
}

function failedRun(queue: string, row: Row): FailedRun {
	const bytes = optionalNumber(row, 'reason_bytes') ?? 0;
	return {
		queue,
		taskId: text(row, 'task_id'),
		runId: text(row, 'run_id'),
		taskName: optionalText(row, 'task_name') ?? '(deleted)',
		attempt: number(row, 'attempt'),
		maxAttempts: optionalNumber(row, 'max_attempts') ?? null,
		claimedAt: number(row, 'claimed_at'),
		failedAt: optionalNumber(row, 'failed_at') ?? number(row, 'claimed_at'),
		outcome: outcomeOf(row),
		taskState: optionalState(row, 'task_state') ?? 'failed',
		errorName: optionalText(row, 'error_name') ?? 'Error',
		errorMessage: optionalText(row, 'error_message') ?? (bytes > 0 ? `(a reason of ${bytes} bytes)` : ''),
		worker: optionalText(row, 'claimed_by'),
	};
}

function takeCompleted(sweep: FailureSweep, page: Page, outcome: StatementOutcome | undefined): void {
	if (outcome?.kind !== 'rows') return;
	const names = new Map(outcome.rows.map(row => [text(row, 'task_name'), number(row, 'runs')]));
	const [first] = outcome.rows;
	const full = first !== undefined && number(first, 'scanned') >= completedRows;
	sweep.completed({queue: page.queue, names, since: full ? number(first, 'oldest_claim') : page.claimedFrom});
}

async function readPages(sweep: FailureSweep, pages: readonly Page[], read: ProbeTools['read']): Promise<void> {
	const fresh = pages.filter(page => page.first);
	const statements = [...pages.map(failedPage), ...fresh.map(page => completedNames(page.queue, page.claimedFrom))];
	const {outcomes} = await read(statements);
	sweep.pages++;
	for (const [index, page] of pages.entries()) {
		const outcome = outcomes[index];
		if (outcome?.kind === 'rows') {
			sweep.take(
				page,
				outcome.rows.map(row => failedRun(page.queue, row)),
			);
		} else if (outcome?.kind === 'error') sweep.refuse(page.queue, outcome.error.sentence);
	}
	for (const [index, page] of fresh.entries()) takeCompleted(sweep, page, outcomes[pages.length + index]);
}

async function databaseNow(read: ProbeTools['read']): Promise<Instant> {
	const {outcomes} = await read([statement('tick-clock', {}, {})]);
	const [row] = rowsOf(outcomes[0]);
	return row ? number(row, 'now') : Date.now();
}

/** The reading of one window. */
class WindowReader {
	readonly #window: Duration;
	#sweep: FailureSweep | undefined;
	#shown: FailureReport | undefined;
	#restUntil = Number.NEGATIVE_INFINITY;

	constructor(window: Duration) {
		this.#window = window;
	}

	async answer({limit, stopped}: ProbeOf<'failures'>, {read, book}: ProbeTools): Promise<FailureReport> {
		if (stopped && this.#sweep) return this.#shown ?? {...this.#sweep.report(limit, false), progress: 'limit'};
		if (!this.#sweep) {
			const now = await databaseNow(read);
			if (this.#shown && now < this.#restUntil) return this.#shown;
			this.#sweep = beginSweep(book, now, this.#window);
		}
		const pages = this.#sweep.next(limit);
		if (pages.length > 0) await readPages(this.#sweep, pages, read);
		return this.#publish(this.#sweep, limit);
	}

	/** A reading that is not whole yet does not take the place of one that is. */
	#publish(sweep: FailureSweep, limit: number): FailureReport {
		const report = sweep.report(limit, false);
		if (report.progress === 'reading' && this.#shown) return {...this.#shown, renewing: true};
		if (report.progress === 'reading') return report;
		if (report.progress === 'whole') {
			this.#shown = report;
			this.#restUntil = report.until + (sweep.pages <= 1 ? 0 : sweep.pages * restPerPage);
			this.#sweep = undefined;
		}
		return report;
	}
}

function beginSweep(book: TableBook, now: Instant, window: Duration): FailureSweep {
	const queues = [...book.queues.values()];
	const readable = queues.filter(queue => queue.readable === true).map(({name}) => name);
	const sweep = new FailureSweep(readable, now, window);
	for (const {name, readable: known} of queues) {
		if (known !== true) sweep.refuse(name, known === false ? 'no right to read it' : 'its tables are missing');
	}
	return sweep;
}

/** Reads a window page by page, one a tick; when it is whole, reads it anew from time to time. */
export function createFailuresProber(): Prober<'failures'> {
	let window: Duration | undefined;
	let reader = new WindowReader(0);
	return (probe, tools) => {
		if (probe.window !== window) {
			window = probe.window;
			reader = new WindowReader(window);
		}
		return reader.answer(probe, tools);
	};
}
