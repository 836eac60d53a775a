import type {FailedRun, FailureReport} from '../../monitor/failure-groups.ts';
import {FailureSweep, type Page} from '../../monitor/failure-sweep.ts';
import type {Duration, Instant} from '../../monitor/snapshot.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {instantText, number, optionalNumber, optionalState, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement, StatementOutcome} from '../statement.ts';
import type {Prober, ProbeTools} from './probe.ts';
import {RenewedReading, readableQueues} from './renewed-reading.ts';

/** Completed runs read to know what share of a task type failed. */
const completedRows = 2000;

/** The page of failed attempts as a statement. */
export function failedPage(page: Page): Statement {
	const {queue, claimedFrom, before, rows} = page;
	const bounds = {
		claimed_from: instantText(claimedFrom),
		before_claim: instantText(before.claim),
		before_run: before.run,
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

function reader(window: Duration): RenewedReading<Page, FailureSweep, FailureReport> {
	return new RenewedReading({
		begin(book, now) {
			const {readable, refused} = readableQueues(book);
			const sweep = new FailureSweep(readable, now, window);
			for (const {queue, sentence} of refused) sweep.refuse(queue, sentence);
			return sweep;
		},
		read: readPages,
	});
}

/** Reads a window page by page, one a tick, and anew from time to time. */
export function createFailuresProber(): Prober<'failures'> {
	let current: {readonly window: Duration; readonly reading: ReturnType<typeof reader>} | undefined;
	return (probe, tools) => {
		const {window} = probe;
		if (current?.window !== window) current = {window, reading: reader(window)};
		return current.reading.answer(probe, tools);
	};
}
