import type {Trouble} from '../monitor/snapshot.ts';
import {type Catalogue, type Source, SourceError} from '../monitor/source.ts';
import {catalogueFailure, queueTables, TableBook} from './catalog.ts';
import {factsQuestions, renewFacts} from './facts.ts';
import {createProbers} from './probes/index.ts';
import {type Rights, rightsIn, rightsQuestion} from './rights.ts';
import {number} from './rows.ts';
import {statement} from './sql.ts';
import type {DatabaseError, ReadAnswer, Session, Statement, StatementOutcome} from './statement.ts';
import {tickAnswer, tickStatements} from './tick.ts';

export interface SourceOptions {
	/** Only these queues; empty = all. */
	readonly queues: readonly string[];
	/** Told what the session may do, with every reading of the registry; where nobody wants to know it is not asked. */
	readonly onRights?: (rights: Rights) => void;
}

/** Tables whose counters are read in one tick; where there are more they take turns. */
const countedTables = 250;

/** What is read with the names of the queues: they, and what else may change under an open session. */
function registry({onRights}: SourceOptions): Statement[] {
	return [statement('catalog', {}, {}), ...factsQuestions(), ...(onRights ? [rightsQuestion()] : [])];
}

/** A session that speaks SQL, as the source that the poller asks. Closing the source closes the session. */
export function createSource(session: Session, options: SourceOptions): Source {
	const wanted = new Set(options.queues);
	let book = new TableBook([]);
	let {facts} = session;
	let countFrom = 0;
	let lostBecause: DatabaseError | undefined;
	const listeners: Array<(trouble: Trouble) => void> = [];
	session.onLost(error => {
		lostBecause = error;
		for (const listener of listeners) listener({sentence: error.sentence, sqlstate: error.sqlstate});
	});

	async function read(statements: readonly Statement[], deadline: number): Promise<ReadAnswer> {
		try {
			return await session.read(statements, deadline);
		} catch (error) {
			const trouble: Trouble = lostBecause
				? {sentence: lostBecause.sentence, sqlstate: lostBecause.sqlstate}
				: {sentence: error instanceof Error ? error.message : String(error), sqlstate: undefined};
			throw new SourceError(trouble, true, {cause: error});
		}
	}

	const probers = createProbers();
	// Some servers that call themselves standbys know no such functions: one error in their log is enough.
	let wantReplay = session.facts.standby;

	/** Answers of `registry`, in its order. */
	function takeRegistry(outcomes: readonly StatementOutcome[], clock: StatementOutcome | undefined): Catalogue {
		const [outcome, who, version, may] = outcomes;
		const {standby} = facts;
		if (who && version) facts = renewFacts(facts, who, version);
		if (facts.standby !== standby) wantReplay = facts.standby;
		const rights = rightsIn(may);
		if (rights) options.onRights?.(rights);
		return takeCatalogue(outcome, clock);
	}

	function takeCatalogue(outcome: StatementOutcome | undefined, clock: StatementOutcome | undefined): Catalogue {
		const now = clock?.kind === 'rows' ? clock.rows[0] : undefined;
		if (outcome?.kind === 'error') return catalogueFailure(outcome.error);
		if (outcome?.kind !== 'rows' || !now) return catalogueFailure(clock?.kind === 'error' ? clock.error : undefined);
		const queues = outcome.rows.map(queueTables).filter(queue => wanted.size === 0 || wanted.has(queue.name));
		book = new TableBook(queues);
		return {kind: 'queues', now: number(now, 'now'), queues};
	}

	return {
		get facts() {
			return facts;
		},
		async catalogue(deadline) {
			const asked = [statement('tick-clock', {}, {}), ...registry(options)];
			const [clock, ...outcomes] = (await read(asked, deadline)).outcomes;
			return takeRegistry(outcomes, clock);
		},
		async tick(asks, deadline, refreshCatalogue) {
			const counted = book.counted(new Set(asks.map(({queue}) => queue)), countFrom, countedTables);
			countFrom = counted.next;
			const statements = tickStatements(asks, counted, wantReplay);
			const answer = await read([...statements, ...(refreshCatalogue ? registry(options) : [])], deadline);
			const outcomes = answer.outcomes.slice(0, statements.length);
			const found = tickAnswer(asks, book, counted, {...answer, outcomes});
			if (wantReplay && outcomes.at(-2)?.kind === 'error') wantReplay = false;
			if (!refreshCatalogue) return found;
			return {...found, catalogue: takeRegistry(answer.outcomes.slice(statements.length), answer.outcomes[0])};
		},
		probe: (probe, deadline) => probers[probe.kind](probe, {read: statements => read(statements, deadline), book}),
		onLost(listener) {
			listeners.push(listener);
		},
		close: () => session.close(),
	};
}
