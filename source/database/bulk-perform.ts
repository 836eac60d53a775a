import {
	type BulkControl,
	type BulkFate,
	type BulkKind,
	type BulkReport,
	type BulkResult,
	type BulkTask,
	bulkInFlight,
	bulkSkip,
	taskKey,
} from '../monitor/bulk.ts';
import type {RetryManner} from '../monitor/hands.ts';
import {cancelledBefore} from './action-outcome.ts';
import {actionStatement, retryStatement} from './action-statements.ts';
import {type BulkFacts, readBulkFacts} from './bulk-preview.ts';
import type {HandsSession} from './hands-session.ts';
import {isString} from './row.ts';
import type {Row, Statement, WriteOutcome, WritingSession} from './statement.ts';

/** Milliseconds that each statement waits for a row that somebody else holds. */
const lockTimeout = 1000;

/** Batches a second, so that progress is seen and Esc is heard soon even at a high rate. */
const batchesPerSecond = 4;

/** How long answers that were lost are looked for, and how far apart two readings must agree, milliseconds. */
const patience = {forReconnecting: 10_000, between: 1500};

const pause = (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds));

/** One action on many tasks. */
export interface BulkOrder {
	readonly kind: BulkKind;
	readonly tasks: readonly BulkTask[];
	/** Of a retry; in place with one further attempt unless told otherwise. */
	readonly manner?: RetryManner | undefined;
}

const inPlace: RetryManner = {spawnNew: false, extraAttempts: undefined};

function statementOf({kind, manner = inPlace}: BulkOrder, {queue, taskId, attempts}: BulkTask): Statement {
	return kind === 'retry'
		? retryStatement({...manner, kind, queue, taskId}, attempts)
		: actionStatement({kind, queue, taskId});
}

const elsewhere = (state: string) => `${state} by now: somebody else was quicker`;

/** The run that a retry has answered. */
function retried(queue: string, row: Row | undefined): BulkFate {
	const {task_id: taskId, run_id: runId} = row ?? {};
	return isString(taskId) && isString(runId) ? {kind: 'done', made: {queue, taskId, runId}} : {kind: 'done'};
}

/** What became of a task that a call was answered for, with what was read back where the answer does not tell. */
function fateOf(
	kind: BulkKind,
	{queue}: BulkTask,
	outcome: WriteOutcome | undefined,
	facts: BulkFacts | undefined,
): BulkFate {
	if (outcome === undefined || outcome.kind === 'skipped') return {kind: 'unsent'};
	if (outcome.kind === 'unknown') return {kind: 'unknown', reason: outcome.error.sentence};
	if (outcome.kind === 'error') {
		const {sentence, sqlstate} = outcome.error;
		// retry_task raises this for what has not failed (any more).
		return sqlstate === 'P0001' && facts !== undefined && bulkSkip(kind, facts.state) !== undefined
			? {kind: 'skipped', reason: elsewhere(facts.state)}
			: {kind: 'failed', reason: sentence, sqlstate};
	}
	if (kind === 'retry') return retried(queue, outcome.rows[0]);
	if (facts === undefined) return {kind: 'done'};
	// cancel_task says nothing when there is nothing left to cancel.
	if (facts.state !== 'cancelled') return {kind: 'skipped', reason: elsewhere(facts.state)};
	return cancelledBefore(facts.cancelledAt, outcome.rows[0]?.['began'])
		? {kind: 'skipped', reason: elsewhere('cancelled')}
		: {kind: 'done'};
}

/** The state of a task tells whether a call whose answer was lost was carried out. */
function happened(kind: BulkKind, before: BulkTask, now: BulkFacts | undefined): boolean {
	if (now === undefined) return false;
	return kind === 'cancel' ? now.state === 'cancelled' : now.state !== 'failed' || now.attempts > before.attempts;
}

async function readBack(session: WritingSession, tasks: readonly BulkTask[]): Promise<ReadonlyMap<string, BulkFacts>> {
	// That it cannot be read back does not undo what was done.
	return readBulkFacts(session, tasks).catch(() => new Map());
}

async function sendBatch(
	session: WritingSession,
	order: BulkOrder,
	batch: readonly BulkTask[],
): Promise<readonly BulkResult[]> {
	const {kind} = order;
	const outcomes = await session.writeAll(
		batch.map(task => statementOf(order, task)),
		lockTimeout,
	);
	const unclear = batch.filter((_, index) => {
		const outcome = outcomes[index];
		return kind === 'cancel'
			? outcome?.kind === 'rows'
			: outcome?.kind === 'error' && outcome.error.sqlstate === 'P0001';
	});
	const facts = unclear.length === 0 ? new Map<string, BulkFacts>() : await readBack(session, unclear);
	return batch.map((task, index) => ({task, fate: fateOf(kind, task, outcomes[index], facts.get(taskKey(task)))}));
}

async function reconnect(connection: HandsSession, tasks: readonly BulkTask[], stopped: () => boolean) {
	const until = performance.now() + patience.forReconnecting;
	for (;;) {
		const found = await connection.use(session => readBulkFacts(session, tasks)).catch(() => undefined);
		if (found !== undefined || performance.now() > until || stopped()) return found;
		await pause(500);
	}
}

/**
 * Finds out by key what became of tasks whose answers were lost; nothing is sent again. The server may still be at work
 * on what it had received, at most for one wait for a lock: so two readings have to agree.
 */
async function lookUp(
	connection: HandsSession,
	{kind, manner = inPlace}: BulkOrder,
	results: readonly BulkResult[],
	stopped: () => boolean,
): Promise<readonly BulkResult[]> {
	// A task that was spawned anew leaves no trace in the one that it was copied from.
	if (manner.spawnNew) return results;
	const lost = results.filter(({fate}) => fate.kind === 'unknown').map(({task}) => task);
	await pause(patience.between);
	if ((await reconnect(connection, lost, stopped)) === undefined) return results;
	await pause(patience.between);
	const found = await reconnect(connection, lost, stopped);
	if (found === undefined) return results;
	return results.map(result => {
		if (result.fate.kind !== 'unknown') return result;
		const done = happened(kind, result.task, found.get(taskKey(result.task)));
		return {task: result.task, fate: {kind: done ? 'done' : 'unsent'}};
	});
}

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Acts on tasks that were counted before, in batches of at most 50 under way at once. Never rejects. */
export async function performBulk(
	connection: HandsSession,
	order: BulkOrder,
	control: BulkControl,
): Promise<BulkReport> {
	const {tasks} = order;
	const results: BulkResult[] = [];
	let trouble: string | undefined;
	let most = bulkInFlight;
	while (results.length < tasks.length && trouble === undefined && !control.stopped()) {
		const began = performance.now();
		const rate = Math.max(1, control.rate());
		const size = Math.max(1, Math.min(most, Math.ceil(rate / batchesPerSecond)));
		const batch = tasks.slice(results.length, results.length + size);
		try {
			control.sending?.(batch);
			let sent = await connection.use(session => sendBatch(session, order, batch));
			const lost = sent.filter(({fate}) => fate.kind === 'unknown');
			if (lost.length > 0) {
				trouble = lost[0]?.fate.kind === 'unknown' ? lost[0].fate.reason : undefined;
				control.lookingUp?.(lost.length);
				sent = await lookUp(connection, order, sent, control.stopped);
			}
			results.push(...sent);
			control.progress(sent);
			// Where rows are locked fewer wait at once, so that Esc is heard soon.
			const locked = sent.some(({fate}) => fate.kind === 'failed' && fate.sqlstate === '55P03');
			most = locked ? Math.max(1, Math.floor(size / 4)) : Math.min(bulkInFlight, most * 2);
		} catch (error) {
			trouble = describe(error);
		}
		if (results.length < tasks.length && trouble === undefined && !control.stopped()) {
			await pause(Math.max(0, (batch.length / rate) * 1000 - (performance.now() - began)));
		}
	}
	const unsent = tasks.slice(results.length).map((task): BulkResult => ({task, fate: {kind: 'unsent'}}));
	return {results: [...results, ...unsent], trouble};
}
