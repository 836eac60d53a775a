import type {WorkerRuns} from './queue-lists.ts';
import type {Instant} from './snapshot.ts';

/** A worker or a host in all its queues. */
export interface WorkerRow extends Omit<WorkerRuns, 'queue' | 'lastClaimAt'> {
	readonly queues: readonly string[];
	/** Names that were put together: 1 for a worker. */
	readonly workers: number;
	readonly lastClaimAt: Instant | undefined;
}

/** The part of a worker's id before the last colon, which by default is the host; the whole id where there is none. */
export function hostOf(worker: string): string {
	const colon = worker.lastIndexOf(':');
	return colon > 0 ? worker.slice(0, colon) : worker;
}

/** Adds up what workers did in several queues, by worker or by host. */
export function workerRows(runs: readonly WorkerRuns[], by: 'worker' | 'host'): readonly WorkerRow[] {
	const rows = new Map<string, WorkerRow & {readonly names: ReadonlySet<string>}>();
	for (const {queue, ...run} of runs) {
		const name = by === 'host' ? hostOf(run.worker) : run.worker;
		const known = rows.get(name);
		const names = new Set([...(known?.names ?? []), run.worker]);
		rows.set(name, {
			worker: name,
			held: run.held + (known?.held ?? 0),
			expired: run.expired + (known?.expired ?? 0),
			unleased: run.unleased + (known?.unleased ?? 0),
			completed: run.completed + (known?.completed ?? 0),
			failed: run.failed + (known?.failed ?? 0),
			timeouts: run.timeouts + (known?.timeouts ?? 0),
			capped: run.capped || (known?.capped ?? false),
			lastClaimAt: latest(run.lastClaimAt, known?.lastClaimAt),
			queues: [...new Set([...(known?.queues ?? []), queue])].sort(),
			workers: names.size,
			names,
		});
	}
	return [...rows.values()].map(({names: _names, ...row}) => row);
}

function latest(first: Instant | undefined, second: Instant | undefined): Instant | undefined {
	if (first === undefined || second === undefined) return first ?? second;
	return Math.max(first, second);
}
