import type {ConnectionPlan} from './attempt.ts';
import {connect} from './connect.ts';
import {openWriting} from './guest.ts';
import type {Passwords} from './passwords.ts';
import {runPipeline} from './pipeline.ts';
import {createSession, type SessionParts} from './session.ts';
import type {Statement, StatementOutcome, WritingSession} from './statement.ts';

/** Milliseconds that one call of Absurd may take before it is cancelled. */
const writeDeadline = 15_000;

/** A session that may also write. Only this module opens a writing transaction; a read-only program never loads it. */
export function createWritingSession(parts: SessionParts): WritingSession {
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

	return {...createSession(parts), write};
}

/** Connects for writing. Never called in read-only mode. Rejects with a SessionError. */
export async function openWritingSession(plan: ConnectionPlan, passwords: Passwords): Promise<WritingSession> {
	return createWritingSession(await connect(plan, {passwords, readOnly: false}));
}
