import {addressKey, type FetchedValue, type ValueAddress} from '../../monitor/big-document.ts';
import type {RunRef} from '../../monitor/snapshot.ts';
import {type FinishedSteps, likelyStep} from '../../monitor/usual-steps.ts';
import {detailOf, detailStatements, type KnownDetail} from '../run-detail.ts';
import {readValue} from './document-value.ts';
import {type Prober, type ProbeTools, rowsOf} from './probe.ts';
import {readUsualSteps} from './usual-steps.ts';

/** What is kept of the task that was read last. */
interface Memory {
	readonly known: KnownDetail;
	readonly usual: readonly FinishedSteps[] | undefined;
	readonly fetched: ReadonlyMap<string, FetchedValue>;
}

function sameTask(memory: Memory | undefined, run: RunRef): boolean {
	return memory?.known.detail.taskId === run.taskId && memory.known.detail.queue === run.queue;
}

/** What was fetched before, and the value that is asked for now, unless it is among that. */
async function fetchValue(
	run: RunRef,
	address: ValueAddress | undefined,
	fetched: ReadonlyMap<string, FetchedValue>,
	read: ProbeTools['read'],
): Promise<ReadonlyMap<string, FetchedValue>> {
	if (!address || fetched.has(addressKey(address))) return fetched;
	const value = await readValue(run, address, read);
	return value ? new Map([...fetched, [addressKey(address), value]]) : fetched;
}

/** Reads one task at a time and remembers the texts of the last one, which are not sent again. */
export function createRunProber(): Prober<'run'> {
	let memory: Memory | undefined;
	return async ({run, value}, {read}) => {
		const before = sameTask(memory, run) ? memory : undefined;
		const {outcomes} = await read(detailStatements(run, before?.known));
		const [task, runs, checkpoints, waits] = outcomes;
		const rows = [rowsOf(task), rowsOf(runs), rowsOf(checkpoints), rowsOf(waits)] as const;
		const known = detailOf(run, rows, before?.known);
		if (!known) {
			memory = undefined;
			return null;
		}
		const {detail} = known;
		const usual = before?.usual ?? (detail.state === 'running' ? await readUsualSteps(detail, read) : undefined);
		const fetched = await fetchValue(run, value, before?.fetched ?? new Map(), read);
		memory = {known, usual, fetched};
		const likely = detail.state === 'running' && usual ? likelyStep(usual, detail.checkpoints) : undefined;
		return {...detail, likely, fetched};
	};
}
