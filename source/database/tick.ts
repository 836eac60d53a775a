import type {Ask, AskAnswer, AskResult, TickAnswer} from '../monitor/source.ts';
import {foundRows} from './ask-rows.ts';
import {askStatement} from './ask-statement.ts';
import type {Counted, TableBook} from './catalog.ts';
import {flag, number, optionalNumber, text} from './rows.ts';
import {statement} from './sql.ts';
import type {ReadAnswer, Row, Statement, StatementOutcome} from './statement.ts';

/** The statements of every tick, before the questions. */
const heads = 3;

/** After the questions and before the clock on a standby: what cannot be told there must not harm the tick. */
const replay = statement('tick-replay', {}, {});

/**
 * The statements of one tick: clock, locks, counters, one for each question, how far replay is where that is wanted, and
 * the clock again.
 */
export function tickStatements(asks: readonly Ask[], counted: Counted, wantReplay: boolean): Statement[] {
	return [
		statement('tick-clock', {}, {}),
		statement('tick-locks', {}, {}),
		statement('tick-counters', {}, {tables: counted.oids}),
		...asks.map(askStatement),
		...(wantReplay ? [replay] : []),
		statement('tick-end', {}, {}),
	];
}

function rowsOf(outcome: StatementOutcome | undefined): readonly Row[] | undefined {
	return outcome?.kind === 'rows' ? outcome.rows : undefined;
}

function askResult(ask: Ask, outcome: StatementOutcome | undefined): AskResult {
	if (outcome?.kind === 'rows') return {kind: 'found', found: foundRows(ask, outcome.rows)};
	if (outcome?.kind !== 'error') return {kind: 'skipped'};
	const {sentence, sqlstate} = outcome.error;
	return {kind: 'error', trouble: {sentence, sqlstate}};
}

function countersOf(rows: readonly Row[], {queues}: Counted): ReadonlyMap<string, number> {
	const counters = new Map<string, number>();
	for (const row of rows) {
		const queue = queues[number(row, 'ordinal') - 1];
		if (queue === undefined) continue;
		const written = number(row, 'inserted') + number(row, 'updated') + number(row, 'deleted');
		counters.set(queue, (counters.get(queue) ?? 0) + written);
	}
	return counters;
}

function lockedQueues(rows: readonly Row[], book: TableBook): ReadonlySet<string> {
	const owners = rows.map(row => book.owner(text(row, 'table_oid')));
	return new Set(owners.filter(owner => owner !== undefined));
}

function firstTrouble(outcomes: readonly StatementOutcome[]): TickAnswer['trouble'] {
	for (const outcome of outcomes) {
		if (outcome.kind === 'error') return {sentence: outcome.error.sentence, sqlstate: outcome.error.sqlstate};
	}
	return undefined;
}

/** What the session's answer to `tickStatements` means. */
export function tickAnswer(asks: readonly Ask[], book: TableBook, counted: Counted, answer: ReadAnswer): TickAnswer {
	const {outcomes, durations} = answer;
	const clock = rowsOf(outcomes[0])?.[0];
	const end = rowsOf(outcomes.at(-1))?.[0];
	const counters = rowsOf(outcomes[2]);
	const replayed = rowsOf(outcomes[heads + asks.length])?.[0];
	return {
		now: clock && number(clock, 'now'),
		standby: clock !== undefined && flag(clock, 'standby'),
		replayLag: replayed && 'replay_lag' in replayed ? optionalNumber(replayed, 'replay_lag') : undefined,
		counters: counters && countersOf(counters, counted),
		locked: lockedQueues(rowsOf(outcomes[1]) ?? [], book),
		answers: asks.map(
			(ask, index): AskAnswer => ({
				ask,
				result: askResult(ask, outcomes[heads + index]),
				duration: durations?.[heads + index],
			}),
		),
		catalogue: undefined,
		duration: answer.duration,
		serverTime: clock && end && number(end, 'ended_at') - number(clock, 'started_at'),
		late: answer.late,
		trouble: firstTrouble(outcomes.slice(0, heads)),
	};
}
