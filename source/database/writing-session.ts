import type {ConnectionPlan} from './attempt.ts';
import {connect} from './connect.ts';
import {SessionError} from './errors.ts';
import {openWriting} from './guest.ts';
import type {Passwords} from './passwords.ts';
import {type Reply, runPipeline} from './pipeline.ts';
import {createSession, type SessionParts} from './session.ts';
import type {Statement, StatementOutcome, WriteOutcome, WritingSession} from './statement.ts';
import {type BatchReply, repliesOf, runBatch} from './write-batch.ts';

/** Milliseconds that one call of Absurd may take before it is cancelled. */
const writeDeadline = 15_000;

/**
 * Milliseconds without the answer of a single one of many transactions after which the one that runs is cancelled, and
 * after which a connection that is silent even then is given up. Each waits for a lock at most a second.
 */
const batchSilence = 8000;

/** What tests have shorter than people. */
export interface WritingOptions {
	/** In place of `batchSilence`. */
	readonly silence?: number;
}

/** A session that may also write. Only this module opens a writing transaction; a read-only program never loads it. */
export function createWritingSession(
	parts: SessionParts,
	{silence = batchSilence}: WritingOptions = {},
): WritingSession {
	const {line, guest} = parts;

	async function write(statement: Statement, lockTimeout: number): Promise<StatementOutcome> {
		const opening = openWriting(guest, writeDeadline, lockTimeout);
		const input = {before: [], opening, statements: [{statement, name: undefined}], between: undefined};
		const {replies} = await line.guard(writeDeadline, () => runPipeline(line.client, input));
		const [reply] = replies.statements;
		const fail = (error: unknown): StatementOutcome => ({
			kind: 'error',
			error: line.describe(error, `${statement.name} failed`),
		});
		if (reply?.kind === 'error') return fail(replies.opening.kind === 'error' ? replies.opening.error : reply.error);
		// Where BEGIN itself failed the statement ran, and was committed, by itself: then the COMMIT says nothing.
		if (replies.closing.kind === 'error' && replies.opening.kind === 'rows') return fail(replies.closing.error);
		return reply ?? {kind: 'skipped'};
	}

	async function writeAll(statements: readonly Statement[], lockTimeout: number): Promise<readonly WriteOutcome[]> {
		const opening = openWriting(guest, writeDeadline, lockTimeout);
		let batch: readonly BatchReply[] = [];
		let lost: SessionError | undefined;
		try {
			await line.guard(silence + lockTimeout, async beat => {
				batch = await runBatch(line.client, opening, statements, beat);
				return repliesOf(batch);
			});
		} catch (error) {
			if (!(error instanceof SessionError) || batch.length === 0) throw error;
			lost = error;
		}
		return batch.map((reply, index) => outcomeOf(reply, statements[index], lost));
	}

	function outcomeOf(reply: BatchReply, asked: Statement | undefined, lost: SessionError | undefined): WriteOutcome {
		const {opening, statement, closing} = reply;
		// The answer to the commit is the last one: without it nobody knows, unless the statement itself was refused.
		if (lost !== undefined && closing.kind === 'error' && !refusedByServer(statement)) {
			return {kind: 'unknown', error: lost.error};
		}
		const broken = opening.kind === 'error' ? opening : statement.kind === 'error' ? statement : closing;
		if (broken.kind === 'rows') return {kind: 'rows', rows: statement.kind === 'rows' ? statement.rows : []};
		return {kind: 'error', error: line.describe(broken.error, `${asked?.name ?? 'Writing'} failed`)};
	}

	function refusedByServer(reply: Reply): boolean {
		return reply.kind === 'error' && !line.describe(reply.error, '').fatal;
	}

	return {...createSession(parts), write, writeAll};
}

/** Connects for writing. Never called in read-only mode. Rejects with a SessionError. */
export async function openWritingSession(
	plan: ConnectionPlan,
	passwords: Passwords,
	options: WritingOptions = {},
): Promise<WritingSession> {
	return createWritingSession(await connect(plan, {passwords, readOnly: false}), options);
}
