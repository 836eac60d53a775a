import type {SessionFacts} from '../monitor/snapshot.ts';
import type {Reply} from './answered-query.ts';
import {forgetPrepared} from './client.ts';
import {endStatement, type GuestFacts, openReading} from './guest.ts';
import type {Line} from './line.ts';
import {runPipeline} from './pipeline.ts';
import {createPreparedNames, type PreparedNames} from './prepared.ts';
import type {Session, Statement, StatementOutcome} from './statement.ts';

/** What a session is made of, once it is known who answers. */
export interface SessionParts {
	readonly line: Line;
	readonly facts: SessionFacts;
	readonly guest: GuestFacts;
}

/** The transaction has failed already / our own guard against statements after the deadline struck. */
const skippedStates = new Set(['25P02', '3B001']);

/** A prepared statement's plan went stale (its table was altered), or the server does not know its name. */
const staleStates = new Set(['0A000', '26000', '42P05']);

function stateOf(reply: Reply): string | undefined {
	if (reply.kind !== 'error') return undefined;
	const {error} = reply;
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What could not be done, for an error's sentence. */
export function failedAt(statement: Statement | undefined): string {
	if (statement === undefined) return 'Reading failed';
	return statement.target === undefined
		? `The database could not be read (${statement.name})`
		: `Queue ${statement.target} could not be read (${statement.name})`;
}

/** A reply as the outcome of its statement. */
export function answerOf(line: Line, statement: Statement | undefined, reply: Reply): StatementOutcome {
	if (reply.kind === 'rows') return reply;
	if (skippedStates.has(stateOf(reply) ?? '')) return {kind: 'skipped'};
	return {kind: 'error', error: line.describe(reply.error, failedAt(statement))};
}

/** The server may notice the deadline a moment before our own timer: by its `statement_timeout`, or by skipping. */
function wasLate(outcome: StatementOutcome): boolean {
	return outcome.kind === 'skipped' || wasCancelled(outcome);
}

function wasCancelled(outcome: StatementOutcome): boolean {
	return outcome.kind === 'error' && outcome.error.sqlstate === '57014';
}

/** The server sends the signal of one cancel to the process and to its group: a busy one may meet it in the next statement again. */
function cancelledOnce(outcomes: readonly StatementOutcome[]): readonly StatementOutcome[] {
	const first = outcomes.findIndex(wasCancelled);
	return outcomes.map((outcome, index) => (index > first && wasCancelled(outcome) ? {kind: 'skipped'} : outcome));
}

/** Named statements live in a session of the server; a pooler hands sessions round, PGlite has one for everybody. */
function mayPrepare(facts: SessionFacts): boolean {
	return !facts.pooled && !facts.embedded;
}

/** A session that reads. There is no way to write with it. */
export function createSession({line, facts, guest}: SessionParts): Session {
	const names: PreparedNames | undefined = mayPrepare(facts) ? createPreparedNames() : undefined;

	async function run(statements: readonly Statement[], deadline: number, named: boolean) {
		// First, so that a name pushed out by this very call is given up with the next one, after its last use.
		const before = (names?.takeEvicted() ?? []).map(name => {
			forgetPrepared(line.client, name);
			return `deallocate ${name}`;
		});
		const prepared = statements.map(statement => ({
			statement,
			name: named ? names?.nameFor(statement.text) : undefined,
		}));
		const input = {
			before,
			opening: openReading(guest, deadline),
			statements: prepared,
			between: endStatement(deadline),
		};
		const {replies, late} = await line.guard(deadline, () => runPipeline(line.client, input));
		const opening = replies.opening.kind === 'error' ? replies.opening : undefined;
		const outcomes = replies.statements.map((reply, index) => ({reply: opening ?? reply, name: prepared[index]?.name}));
		return {outcomes, late, arrivals: replies.arrivals};
	}

	async function read(statements: readonly Statement[], deadline: number) {
		const start = performance.now();
		const {outcomes, late, arrivals} = await run(statements, deadline, true);
		const replies = outcomes.map(({reply}) => reply);
		const stale = [...outcomes.keys()].filter(index => {
			const outcome = outcomes[index];
			return outcome?.name !== undefined && staleStates.has(stateOf(outcome.reply) ?? '');
		});
		if (stale.length > 0) {
			const again = stale.flatMap(index => statements[index] ?? []);
			for (const {text} of again) names?.forget(text);
			const second = await run(again, Math.max(1, deadline - (performance.now() - start)), false);
			for (const [position, index] of stale.entries()) {
				const reply = second.outcomes[position]?.reply;
				if (reply) replies[index] = reply;
			}
		}
		const told = replies.map((reply, index) => answerOf(line, statements[index], reply));
		const answers = late ? cancelledOnce(told) : told;
		return {
			outcomes: answers,
			duration: performance.now() - start,
			durations: arrivals.map((arrival, index) => arrival - (arrivals[index - 1] ?? start)),
			late: late || answers.some(wasLate),
		};
	}

	return {facts, read, onLost: line.onLost, close: line.close};
}
