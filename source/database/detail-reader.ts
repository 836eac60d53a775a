import type {RunDetail} from '../monitor/run-detail.ts';
import type {RunRef} from '../monitor/snapshot.ts';
import {SourceError} from '../monitor/source.ts';
import {detailOf, detailStatements, type KnownDetail} from './run-detail.ts';
import type {ReadAnswer, Row, Statement, StatementOutcome} from './statement.ts';

/** Runs statements, one round trip. */
export type Read = (statements: readonly Statement[], deadline: number) => Promise<ReadAnswer>;

function rowsOf(outcome: StatementOutcome | undefined): readonly Row[] {
	if (outcome?.kind === 'rows') return outcome.rows;
	if (outcome?.kind === 'error') {
		const {sentence, sqlstate} = outcome.error;
		throw new SourceError({sentence, sqlstate}, false);
	}
	const sentence = 'The answer did not arrive before the deadline; it is asked for again.';
	throw new SourceError({sentence, sqlstate: undefined}, false);
}

function sameTask(known: KnownDetail | undefined, run: RunRef): boolean {
	return known?.detail.taskId === run.taskId && known.detail.queue === run.queue;
}

/** Reads one task at a time and remembers the texts of the last one, which are not sent again. */
export function createDetailReader(read: Read) {
	let known: KnownDetail | undefined;

	return {
		/** Everything about one task; null when it does not exist. Rejects with a SourceError. */
		async detail(run: RunRef, deadline: number): Promise<RunDetail | null> {
			const before = sameTask(known, run) ? known : undefined;
			const {outcomes} = await read(detailStatements(run, before), deadline);
			const [task, runs, checkpoints, waits] = outcomes;
			known = detailOf(run, [rowsOf(task), rowsOf(runs), rowsOf(checkpoints), rowsOf(waits)], before);
			return known?.detail ?? null;
		},
	};
}
