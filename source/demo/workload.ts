import {keepHouse} from './housekeeping.ts';
import {startProducers} from './producers.ts';
import {workers} from './queues.ts';
import {makeClient, openPool, runWorker} from './workers.ts';

/** Starts producers, workers and housekeeping on the database whose socket is in `directory`. They run for ever. */
export function startWorkload(directory: string): void {
	const pool = openPool({directory});
	const client = makeClient(pool, 'agents');
	startProducers(client);
	for (const worker of workers) void runWorker(worker, {directory}, client);
	void keepHouse(pool);
}
