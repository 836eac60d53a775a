import type {Reply} from './answered-query.ts';
import {openReading} from './guest.ts';
import type {Line} from './line.ts';
import {type PipelineReplies, runPipeline, sendStatement, sendText} from './pipeline.ts';
import {answerOf, type SessionParts} from './session.ts';
import type {Lane, Statement, StatementOutcome, WriteOutcome} from './statement.ts';

/** What came back for the three messages of a transaction. */
export interface TransactionReply {
	readonly opening: Reply;
	readonly statement: Reply;
	readonly closing: Reply;
}

/** What the replies say of the one statement of a transaction. */
export function outcomeOf(
	line: Line,
	asked: Statement,
	{opening, statement, closing}: TransactionReply,
): StatementOutcome {
	const fail = (error: unknown): StatementOutcome => ({
		kind: 'error',
		error: line.describe(error, `${asked.name} failed`, true),
	});
	if (statement.kind === 'error') return fail(opening.kind === 'error' ? opening.error : statement.error);
	// Where BEGIN itself failed the statement ran, and was committed, by itself: then the COMMIT says nothing.
	if (closing.kind === 'error' && opening.kind === 'rows') return fail(closing.error);
	return statement;
}

/** A lane that can be waited for. */
export interface EndingLane extends Lane {
	/** Waits until all that was sent is answered; what went wrong, in the form in which a line looks for its end. */
	ended(): Promise<PipelineReplies>;
}

const nothing: Reply = {kind: 'rows', rows: []};

/**
 * Sends transactions without waiting for the answers of earlier ones, each write behind `opening`. `answered` is called
 * with each that is answered.
 */
export function createLane({line, guest}: SessionParts, opening: string, answered: () => void): EndingLane {
	const {client} = line;
	const {stream} = client.connection;
	const underWay = new Set<Promise<unknown>>();
	const errors: Reply[] = [];
	const fatal = (reply: Reply) => reply.kind === 'error' && line.describe(reply.error, '').fatal;

	function track<Value>(work: Promise<Value>): Promise<Value> {
		underWay.add(work);
		return work.finally(() => {
			underWay.delete(work);
			answered();
		});
	}

	/** What is sent in one turn goes out in one write. */
	function together(): void {
		stream.cork();
		process.nextTick(() => stream.uncork());
	}

	async function transaction(asked: Statement): Promise<WriteOutcome> {
		together();
		const sent = [sendText(client, opening), sendStatement(client, asked), sendText(client, 'commit')] as const;
		const [begin, statement, closing] = await Promise.all(sent);
		errors.push(...[begin, statement, closing].filter(fatal));
		// The answer to the commit is the last one: without it nobody knows, unless the server refused the statement itself.
		const refused = statement.kind === 'error' && !fatal(statement);
		if (fatal(closing) && !refused) return {kind: 'unknown'};
		return outcomeOf(line, asked, {opening: begin, statement, closing});
	}

	async function read(statements: readonly Statement[], deadline: number) {
		const start = performance.now();
		const asked = statements.map(statement => ({statement, name: undefined}));
		const input = {before: [], opening: openReading(guest, deadline), statements: asked, between: undefined};
		const {opening: begin, statements: replies, closing} = await runPipeline(client, input);
		errors.push(...[begin, ...replies, closing].filter(fatal));
		const outcomes = replies.map((reply, index) =>
			answerOf(line, statements[index], begin.kind === 'error' ? begin : reply),
		);
		return {outcomes, duration: performance.now() - start, late: false};
	}

	return {
		write: statement => track(transaction(statement)),
		read: (statements, deadline) => track(read(statements, deadline)),
		async ended() {
			while (underWay.size > 0) await Promise.all(underWay);
			return {opening: nothing, statements: errors, closing: nothing, arrivals: []};
		},
	};
}
