import {type Crowd, createCrowd} from '../../test/support/crowd.ts';
import {fillDead, fillPending} from '../../test/support/million.ts';
import type {BenchDatabase} from '../poll/workbench.ts';

/** A database in a state in which tools break. */
export interface Scale {
	readonly name: string;
	/** Monitors that watch it at once. */
	readonly monitors: number;
	/** Makes it so; answers what ends with it. */
	fill(database: BenchDatabase): Promise<() => Promise<void>>;
}

const nothing = async () => {};

async function crowd(database: BenchDatabase, count: number, mode: Crowd['mode']): Promise<() => Promise<void>> {
	await createCrowd(database.url, {count, mode, ready: 3});
	return nothing;
}

/** The states that are measured; `share` makes them smaller, for trying the script out. */
export function scales(share: number): readonly Scale[] {
	const many = Math.max(10, Math.round(10_000 * share));
	const partitioned = Math.max(10, Math.round(200 * share));
	return [
		{
			name: `${many} queues, ${many * 10} live runs`,
			monitors: 1,
			fill: database => crowd(database, many, 'unpartitioned'),
		},
		{
			name: `${partitioned} partitioned queues, two monitors`,
			monitors: 2,
			fill: database => crowd(database, partitioned, 'partitioned'),
		},
		{
			name: '1,000,000 pending runs',
			monitors: 1,
			async fill({client}) {
				await fillPending(client);
				return nothing;
			},
		},
		{
			name: '1,000,000 dead index entries',
			monitors: 1,
			fill: ({client, url}) => fillDead(url, client),
		},
	];
}
