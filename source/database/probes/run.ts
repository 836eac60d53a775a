import type {RunRef} from '../../monitor/snapshot.ts';
import {type FinishedSteps, likelyStep} from '../../monitor/usual-steps.ts';
import {detailOf, detailStatements, type KnownDetail} from '../run-detail.ts';
import {type Prober, rowsOf} from './probe.ts';
import {readUsualSteps} from './usual-steps.ts';

function sameTask(known: KnownDetail | undefined, run: RunRef): boolean {
	return known?.detail.taskId === run.taskId && known.detail.queue === run.queue;
}

/** Reads one task at a time and remembers the texts of the last one, which are not sent again. */
export function createRunProber(): Prober<'run'> {
	let known: KnownDetail | undefined;
	let usual: readonly FinishedSteps[] | undefined;
	return async ({run}, {read}) => {
		const before = sameTask(known, run) ? known : undefined;
		if (!before) usual = undefined;
		const {outcomes} = await read(detailStatements(run, before));
		const [task, runs, checkpoints, waits] = outcomes;
		known = detailOf(run, [rowsOf(task), rowsOf(runs), rowsOf(checkpoints), rowsOf(waits)], before);
		if (known?.detail.state !== 'running') return known?.detail ?? null;
		usual ??= await readUsualSteps(known.detail, read);
		return {...known.detail, likely: likelyStep(usual, known.detail.checkpoints)};
	};
}
