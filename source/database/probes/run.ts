import type {RunRef} from '../../monitor/snapshot.ts';
import {detailOf, detailStatements, type KnownDetail} from '../run-detail.ts';
import {type Prober, rowsOf} from './probe.ts';

function sameTask(known: KnownDetail | undefined, run: RunRef): boolean {
	return known?.detail.taskId === run.taskId && known.detail.queue === run.queue;
}

/** Reads one task at a time and remembers the texts of the last one, which are not sent again. */
export function createRunProber(): Prober<'run'> {
	let known: KnownDetail | undefined;
	return async ({run}, {read}) => {
		const before = sameTask(known, run) ? known : undefined;
		const {outcomes} = await read(detailStatements(run, before));
		const [task, runs, checkpoints, waits] = outcomes;
		known = detailOf(run, [rowsOf(task), rowsOf(runs), rowsOf(checkpoints), rowsOf(waits)], before);
		return known?.detail ?? null;
	};
}
