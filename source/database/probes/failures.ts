import {type CompletedAsk, type CompletedSample, CompletedSweep} from '../../monitor/completed-sample.ts';
import type {FailedRun, FailureReport} from '../../monitor/failure-groups.ts';
import {claimReach, FailureSweep, type Page} from '../../monitor/failure-sweep.ts';
import type {Duration} from '../../monitor/snapshot.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {attemptOf, instantText, number, optionalNumber, optionalState, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, SqlValue, Statement} from '../statement.ts';
import type {Prober, ProbeTools} from './probe.ts';
import {RenewedReading, readableQueues} from './renewed-reading.ts';

/** What completed is read less often than what failed, and must not reach further back: it may be so old, milliseconds. */
const staleness = 15 * 60_000;

function pageValues({claimedFrom, before, rows}: Page | CompletedAsk): Record<string, SqlValue> {
	return {
		claimed_from: instantText(claimedFrom),
		before_claim: instantText(before.claim),
		before_run: before.run,
		rows,
	};
}

/** The page of failed attempts as a statement. */
export function failedPage(page: Page): Statement {
	return statement('failed-page', tableIdentifiers(page.queue, ['r', 't']), pageValues(page), page.queue);
}

/** The statement that tells how many runs of each name completed. */
export function completedNames(page: CompletedAsk): Statement {
	return statement('completed-names', tableIdentifiers(page.queue, ['r', 't']), pageValues(page), page.queue);
}

function outcomeOf(row: Row): FailedRun['outcome'] {
	const state = optionalState(row, 'task_state');
	if (state === 'cancelled') return 'cancelled';
	return state === 'failed' && row['is_last'] === true ? 'dead' : 'retried';
}

function failedRun(queue: string, row: Row): FailedRun {
	const bytes = optionalNumber(row, 'reason_bytes') ?? 0;
	return {
		...attemptOf(queue, row),
		claimedAt: number(row, 'claimed_at'),
		failedAt: optionalNumber(row, 'failed_at') ?? number(row, 'claimed_at'),
		outcome: outcomeOf(row),
		taskState: optionalState(row, 'task_state') ?? 'failed',
		errorName: optionalText(row, 'error_name') ?? 'Error',
		errorMessage: optionalText(row, 'error_message') ?? (bytes > 0 ? `(a reason of ${bytes} bytes)` : ''),
		worker: optionalText(row, 'claimed_by'),
	};
}

function takeCompleted(sweep: CompletedSweep, page: CompletedAsk, rows: readonly Row[]): void {
	const [first] = rows;
	const names = new Map(rows.map(row => [optionalText(row, 'task_name') ?? '', number(row, 'runs')]));
	const last = first && {claim: number(first, 'last_claim'), run: text(first, 'last_run')};
	sweep.take(page, first === undefined ? 0 : number(first, 'scanned'), last, names);
}

async function readPages(sweep: FailureSweep, pages: readonly Page[], read: ProbeTools['read']): Promise<void> {
	const {outcomes} = await read(pages.map(failedPage));
	sweep.pages++;
	for (const [index, page] of pages.entries()) {
		const outcome = outcomes[index];
		if (outcome?.kind === 'error') sweep.refuse(page.queue, outcome.error.sentence);
		if (outcome?.kind !== 'rows') continue;
		sweep.take(
			page,
			outcome.rows.map(row => failedRun(page.queue, row)),
		);
	}
}

async function readCompleted(
	sweep: CompletedSweep,
	pages: readonly CompletedAsk[],
	read: ProbeTools['read'],
): Promise<void> {
	const {outcomes} = await read(pages.map(completedNames));
	sweep.pages++;
	for (const [index, page] of pages.entries()) {
		const outcome = outcomes[index];
		if (outcome?.kind === 'error') sweep.refuse(page.queue);
		if (outcome?.kind === 'rows') takeCompleted(sweep, page, outcome.rows);
	}
}

/** Answers questions about one window: failures page by page, and beside them what completed, for the shares. */
function createReader(window: Duration): Prober<'failures'> {
	let sample: CompletedSample | undefined;
	const completed = new RenewedReading<CompletedAsk, CompletedSweep, CompletedSample>({
		begin: (book, now) =>
			new CompletedSweep(readableQueues(book).readable, now, now - window - claimReach(window) + staleness),
		read: readCompleted,
	});
	const failed = new RenewedReading<Page, FailureSweep, FailureReport>({
		begin(book, now) {
			const {readable, refused} = readableQueues(book);
			const sweep = new FailureSweep(readable, now, window, () => sample);
			for (const {queue, sentence} of refused) sweep.refuse(queue, sentence);
			return sweep;
		},
		read: readPages,
	});
	return async (probe, tools) => {
		sample = await completed.answer(probe, tools);
		return failed.answer(probe, tools);
	};
}

/** Reads a window page by page, one a tick, and anew from time to time. */
export function createFailuresProber(): Prober<'failures'> {
	let current: {readonly window: Duration; readonly ask: Prober<'failures'>} | undefined;
	return (probe, tools) => {
		const {window} = probe;
		if (current?.window !== window) current = {window, ask: createReader(window)};
		return current.ask(probe, tools);
	};
}
