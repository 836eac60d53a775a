import {addressKey, type FetchedValue, type ValueAddress} from '../../monitor/big-document.ts';
import type {Relations} from '../../monitor/relations.ts';
import type {Instant, RunRef} from '../../monitor/snapshot.ts';
import {type FinishedSteps, likelyStep} from '../../monitor/usual-steps.ts';
import {detailOf, detailStatements, type KnownDetail} from '../run-detail.ts';
import {readValue} from './document-value.ts';
import {type Prober, type ProbeTools, rowsOf} from './probe.ts';
import {readRelations} from './relations.ts';
import {readUsualSteps} from './usual-steps.ts';

/** What is kept of the task that was read last. */
interface Memory {
	readonly known: KnownDetail;
	readonly usual: readonly FinishedSteps[] | undefined;
	readonly fetched: ReadonlyMap<string, FetchedValue>;
	readonly relations: KnownRelations | undefined;
}

/** The tasks around the task, and what they were read for. */
interface KnownRelations {
	readonly relations: Relations;
	readonly readAt: Instant;
}

/** Links go stale slowly: they are read again after this long. */
const relationsAge = 10_000;

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

/** The tasks around it, when they are looked at; parents that were found once stay. */
async function freshRelations(
	wanted: 'near' | 'parents' | undefined,
	{detail, readAt}: KnownDetail,
	before: KnownRelations | undefined,
	tools: ProbeTools,
): Promise<KnownRelations | undefined> {
	const asked = wanted === 'parents' && before?.relations.parents === undefined;
	if (wanted === undefined || (!asked && before && readAt - before.readAt < relationsAge)) return before;
	const relations = await readRelations(detail, asked, tools);
	return {relations: {...relations, parents: relations.parents ?? before?.relations.parents}, readAt};
}

/** Reads one task at a time and remembers the texts of the last one, which are not sent again. */
export function createRunProber(): Prober<'run'> {
	let memory: Memory | undefined;
	return async ({run, value, relations: wanted}, tools) => {
		const {read} = tools;
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
		const relations = await freshRelations(wanted, known, before?.relations, tools);
		memory = {known, usual, fetched, relations};
		const likely = detail.state === 'running' && usual ? likelyStep(usual, detail.checkpoints) : undefined;
		return {...detail, likely, fetched, relations: relations?.relations};
	};
}
