import type {ProbeKind, ProbeOf, Probes} from '../../monitor/probe.ts';
import {SourceError} from '../../monitor/source.ts';
import type {TableBook} from '../catalog.ts';
import type {ReadAnswer, Row, Statement, StatementOutcome} from '../statement.ts';

/** What answering a question needs. */
export interface ProbeTools {
	/** Runs statements in one round trip. */
	read(statements: readonly Statement[]): Promise<ReadAnswer>;
	/** The queues of the last catalogue. */
	readonly book: TableBook;
}

/** Answers questions of one kind; made once for each connection, so that it may remember. Rejects with a SourceError. */
export type Prober<Kind extends ProbeKind> = (
	probe: ProbeOf<Kind>,
	tools: ProbeTools,
) => Promise<Probes[Kind]['answer']>;

/** The rows of a statement that a question cannot do without. Throws a SourceError with its error. */
export function rowsOf(outcome: StatementOutcome | undefined): readonly Row[] {
	if (outcome?.kind === 'rows') return outcome.rows;
	if (outcome?.kind === 'error') {
		const {sentence, sqlstate} = outcome.error;
		throw new SourceError({sentence, sqlstate}, false);
	}
	const sentence = 'The answer did not arrive before the deadline; it is asked for again.';
	throw new SourceError({sentence, sqlstate: undefined}, false);
}
