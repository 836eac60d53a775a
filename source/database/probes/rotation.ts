import type {QueueRows} from '../../monitor/queue-lists.ts';
import type {Instant} from '../../monitor/snapshot.ts';
import {number} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement, StatementOutcome} from '../statement.ts';
import {type ProbeTools, rowsOf} from './probe.ts';

/** Queues that are read in one round trip; the others take turns. */
const queuesAtOnce = 20;

/** How one queue is read. */
export interface QueueReading<Result> {
	statements(queue: string): readonly Statement[];
	/** The rows of the statements, in order. */
	rows(queue: string, answers: readonly (readonly Row[])[]): readonly Result[];
	/** What of the queue could not be told though it was read, as part of a sentence. */
	note?(answers: readonly (readonly Row[])[]): string | undefined;
}

/** The rows of one queue (or of all, which take turns), and the answers to `extra` statements in the same round trip. */
export type Rotation<Result> = (
	queue: string | undefined,
	tools: ProbeTools,
	extra?: readonly Statement[],
) => Promise<{readonly rows: QueueRows<Result>; readonly extra: readonly StatementOutcome[]; readonly now: Instant}>;

interface Known<Result> {
	readonly rows: readonly Result[];
	readonly at: Instant;
	readonly sentence: string | undefined;
	readonly note: string | undefined;
}

function failure(outcomes: readonly (StatementOutcome | undefined)[]): string | undefined {
	for (const outcome of outcomes) {
		if (outcome?.kind === 'error') return outcome.error.sentence;
		if (outcome?.kind !== 'rows') return 'The answer did not arrive before the deadline.';
	}
	return undefined;
}

/** Reads rows by queue and remembers those of the queues whose turn it is not. */
export function createRotation<Result>(reading: QueueReading<Result>): Rotation<Result> {
	const known = new Map<string, Known<Result>>();

	function take(queue: string, outcomes: readonly (StatementOutcome | undefined)[], at: Instant): void {
		const sentence = failure(outcomes);
		const before = known.get(queue);
		if (sentence !== undefined)
			known.set(queue, {rows: before?.rows ?? [], at: before?.at ?? at, sentence, note: undefined});
		else {
			const answers = outcomes.map(rowsOf);
			known.set(queue, {rows: reading.rows(queue, answers), at, sentence, note: reading.note?.(answers)});
		}
	}

	return async (queue, {read, book}, extra = []) => {
		const readable = [...book.queues.values()].filter(({readable: can}) => can === true).map(({name}) => name);
		const wanted = queue === undefined ? readable : [queue];
		const age = (name: string) => known.get(name)?.at ?? Number.NEGATIVE_INFINITY;
		const turn = [...wanted].sort((a, b) => age(a) - age(b)).slice(0, queuesAtOnce);
		const asked = turn.map(name => reading.statements(name));
		const {outcomes} = await read([statement('tick-clock', {}, {}), ...extra, ...asked.flat()]);
		const [clock] = rowsOf(outcomes[0]);
		const now = clock === undefined ? Date.now() : number(clock, 'now');
		let place = 1 + extra.length;
		for (const [index, name] of turn.entries()) {
			const count = asked[index]?.length ?? 0;
			take(
				name,
				Array.from({length: count}, (_, step) => outcomes[place + step]),
				now,
			);
			place += count;
		}
		return {rows: collect(wanted), extra: outcomes.slice(1, 1 + extra.length), now};
	};

	function collect(wanted: readonly string[]): QueueRows<Result> {
		const found = wanted.flatMap(name => {
			const one = known.get(name);
			return one === undefined ? [] : [{name, one}];
		});
		return {
			rows: found.flatMap(({one}) => one.rows),
			read: found.length,
			queues: wanted.length,
			oldestAt: found.length === 0 ? undefined : Math.min(...found.map(({one}) => one.at)),
			unread: found.flatMap(({name, one}) =>
				one.sentence === undefined ? [] : [{queue: name, sentence: one.sentence}],
			),
			notes: found.flatMap(({name, one}) => (one.note === undefined ? [] : [{queue: name, sentence: one.note}])),
		};
	}
}
