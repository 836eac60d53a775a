import type {CheckupAnswer, Fact, PartitionFacts, QueueFacts, StorageFacts} from '../../monitor/facts.ts';
import {horizonPatience, manyTransactions} from '../../monitor/rules/server.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {optionalNumber} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement, StatementOutcome} from '../statement.ts';
import {
	awaitedEvent,
	cancellationClock,
	cronJob,
	deferredTask,
	horizonHolder,
	indexFacts,
	lockHolder,
	partitionFacts,
	runningStep,
	stepFacts,
	storageFacts,
	waitsCounted,
} from './checkup-rows.ts';
import type {Prober, ProbeTools} from './probe.ts';

/** Partitions past their time that are looked into, the oldest first. */
const oldPartitions = 8;

function factOf<T>(outcome: StatementOutcome | undefined, read: (rows: readonly Row[]) => T): Fact<T> {
	if (outcome?.kind === 'rows') return {kind: 'known', value: read(outcome.rows)};
	if (outcome?.kind === 'error') return {kind: 'unknown', reason: outcome.error.sentence};
	return {kind: 'unknown', reason: 'the answer did not arrive before the deadline'};
}

const noCron: Fact<never> = {
	kind: 'unknown',
	reason: 'pg_cron is not in this database; jobs may run from another database or machine',
};

async function askServer(read: ProbeTools['read']): Promise<CheckupAnswer> {
	const {outcomes} = await read([
		statement('doctor-locks', {}, {}),
		statement('doctor-horizon', {}, {open_for: horizonPatience, transactions: manyTransactions}),
		statement('doctor-cron', {}, {runs: 2000}),
	]);
	const [locks, horizon, cron] = outcomes;
	const missing = cron?.kind === 'error' && (cron.error.sqlstate === '42P01' || cron.error.sqlstate === '3F000');
	return {
		part: 'server',
		facts: {
			locks: factOf(locks, rows => rows.map(lockHolder)),
			horizon: factOf(horizon, rows => rows.map(horizonHolder)),
			cron: missing ? noCron : factOf(cron, rows => rows.map(cronJob)),
		},
	};
}

type Part = 'deferred' | 'awaited' | 'cancellations' | 'oldestFinished' | 'oldestEvent' | 'steps' | 'running';

/** The statements about rows of one queue, with the values that they are asked with. */
export function queueStatements(queue: string): Readonly<Record<Part, Statement>> {
	const of = (prefixes: ReadonlyArray<'t' | 'r' | 'c' | 'w' | 'e'>) => tableIdentifiers(queue, prefixes);
	return {
		deferred: statement('doctor-deferred', of(['r', 't', 'c']), {rows: 100, steps: 50}, queue),
		awaited: statement('doctor-awaited', of(['w', 'e']), {names: 200, rows: waitsCounted}, queue),
		cancellations: statement('doctor-cancellations', of(['r', 't']), {rows: 200}, queue),
		oldestFinished: statement('doctor-oldest', of(['t', 'r']), {rows: 50}, queue),
		oldestEvent: statement('doctor-oldest-event', of(['e']), {}, queue),
		steps: statement('doctor-steps', of(['r', 't', 'c']), {rows: 120, steps: 40, newest: 5}, queue),
		running: statement(
			'doctor-running-steps',
			of(['r', 't', 'c']),
			{looked: 50, running: 10, rows: 120, steps: 201},
			queue,
		),
	};
}

/** Which partitions are looked into: the default ones, and the oldest that detaching could take. */
function lookedInto(parts: readonly PartitionFacts[], storage: Fact<StorageFacts>): readonly PartitionFacts[] {
	const detaches = storage.kind === 'known' && storage.value.detachMode === 'empty';
	const oldest = [...parts].filter(({until}) => until !== undefined).sort((a, b) => (a.until ?? 0) - (b.until ?? 0));
	return [...parts.filter(({isDefault}) => isDefault), ...(detaches ? oldest.slice(0, oldPartitions) : [])];
}

async function askQueue(queue: string, isPartitioned: boolean, read: ProbeTools['read']): Promise<CheckupAnswer> {
	const catalogue = await read([
		statement('doctor-storage', {}, {queue}, queue),
		statement('doctor-indexes', {}, {queue}, queue),
		...(isPartitioned ? [statement('doctor-partitions', {}, {queue}, queue)] : []),
	]);
	const storage = factOf(catalogue.outcomes[0], ([row]): StorageFacts => {
		if (row === undefined) throw new TypeError('The statement should have answered a row.');
		return storageFacts(row);
	});
	const indexes = factOf(catalogue.outcomes[1], ([row]) => indexFacts(row ?? {}));
	const partitions: Fact<readonly PartitionFacts[]> = isPartitioned
		? factOf(catalogue.outcomes[2], rows => rows.map(partitionFacts))
		: {kind: 'known', value: []};
	const inside = partitions.kind === 'known' ? lookedInto(partitions.value, storage) : [];
	const statements = queueStatements(queue);
	const parts = ['deferred', 'awaited', 'cancellations', 'oldestFinished', 'steps', 'running', 'oldestEvent'] as const;
	const asked = parts.filter(
		part => part !== 'oldestEvent' || (storage.kind === 'known' && storage.value.eventsIndexed),
	);
	const {outcomes} = await read([
		...asked.map(part => statements[part]),
		...inside.map(({name}) => statement('doctor-filled', {partition: name}, {}, queue)),
	]);
	const outcomeOf = (part: Part) => outcomes[asked.indexOf(part)];
	const filled = new Map(inside.map(({name}, index) => [name, outcomes[asked.length + index]]));
	const instant = (column: string) => (rows: readonly Row[]) => (rows[0] && optionalNumber(rows[0], column)) ?? null;
	const facts: QueueFacts = {
		storage,
		indexes,
		partitions: withEmptiness(partitions, filled),
		deferred: factOf(outcomeOf('deferred'), rows => rows.map(deferredTask).filter(row => row !== undefined)),
		awaited: factOf(outcomeOf('awaited'), rows => rows.map(awaitedEvent)),
		cancellations: factOf(outcomeOf('cancellations'), rows => rows.map(cancellationClock)),
		oldestFinished: factOf(outcomeOf('oldestFinished'), instant('finished_at')),
		oldestEvent: asked.includes('oldestEvent')
			? factOf(outcomeOf('oldestEvent'), instant('emitted_at'))
			: {kind: 'unknown', reason: 'this release has no index on the time of events'},
		steps: factOf(outcomeOf('steps'), rows => rows.map(stepFacts)),
		running: factOf(outcomeOf('running'), rows => rows.map(runningStep)),
	};
	return {part: 'queue', facts};
}

function withEmptiness(
	partitions: Fact<readonly PartitionFacts[]>,
	filled: ReadonlyMap<string, StatementOutcome | undefined>,
): Fact<readonly PartitionFacts[]> {
	if (partitions.kind === 'unknown') return partitions;
	const value = partitions.value.map(part => {
		const outcome = filled.get(part.name);
		const row = outcome?.kind === 'rows' ? outcome.rows[0] : undefined;
		return row === undefined ? part : {...part, empty: row['filled'] === false};
	});
	return {kind: 'known', value};
}

/** Slow facts about the database or one queue: each is known or says why not. */
export const probeCheckup: Prober<'checkup'> = ({question}, {read, book}) =>
	question.part === 'server'
		? askServer(read)
		: askQueue(question.queue, book.queues.get(question.queue)?.storageMode === 'partitioned', read);
