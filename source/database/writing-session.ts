import type {ConnectionPlan} from './attempt.ts';
import {connect} from './connect.ts';
import {openWriting} from './guest.ts';
import type {Passwords} from './passwords.ts';
import {runPipeline} from './pipeline.ts';
import {createSession, type SessionParts} from './session.ts';
import type {Lane, Statement, StatementOutcome, WritingSession} from './statement.ts';
import {createLane, outcomeOf} from './write-lane.ts';

/** Milliseconds that one call of Absurd may take before it is cancelled. */
const writeDeadline = 15_000;

/**
 * Milliseconds without an answer while transactions are under way after which the one that runs is cancelled, and after
 * which a connection that is silent even then is given up. Each waits for a lock at most a second.
 */
const laneSilence = 8000;

/** What tests have shorter than people. */
export interface WritingOptions {
	/** In place of `laneSilence`. */
	readonly silence?: number;
}

/** A session that may also write. Only this module opens a writing transaction; a read-only program never loads it. */
export function createWritingSession(
	parts: SessionParts,
	{silence = laneSilence}: WritingOptions = {},
): WritingSession {
	const {line, guest} = parts;

	async function write(statement: Statement, lockTimeout: number): Promise<StatementOutcome> {
		const opening = openWriting(guest, writeDeadline, lockTimeout);
		const input = {before: [], opening, statements: [{statement, name: undefined}], between: undefined};
		const {replies} = await line.guard(writeDeadline, () => runPipeline(line.client, input));
		const [reply] = replies.statements;
		return reply === undefined
			? {kind: 'skipped'}
			: outcomeOf(line, statement, {opening: replies.opening, statement: reply, closing: replies.closing});
	}

	async function pipelined(lockTimeout: number, work: (lane: Lane) => Promise<void>): Promise<void> {
		let failure: unknown;
		await line.guard(silence + lockTimeout, async beat => {
			const lane = createLane(parts, openWriting(guest, writeDeadline, lockTimeout), beat);
			await work(lane).catch((error: unknown) => {
				failure = error;
			});
			return lane.ended();
		});
		if (failure !== undefined) throw failure;
	}

	return {...createSession(parts), write, pipelined};
}

/** Connects for writing. Never called in read-only mode. Rejects with a SessionError. */
export async function openWritingSession(
	plan: ConnectionPlan,
	passwords: Passwords,
	options: WritingOptions = {},
): Promise<WritingSession> {
	return createWritingSession(await connect(plan, {passwords, readOnly: false}), options);
}
