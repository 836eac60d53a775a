import {type Measurement, measureDashboard, measureTicks} from './measure.ts';
import {type Workbench, withDatabase, withServer} from './workbench.ts';

/** Finished tasks of the queue that the others are compared with. */
export const smallHistory = 5000;

/** Sizes of the one large queue: up to the largest that is asked for. */
const histories = [smallHistory, 500_000];

/** How many queues there are, where that is what is measured. */
export const queueCounts: readonly number[] = [1, 20, 200];

async function eight(bench: Workbench, finished: number): Promise<Measurement> {
	return withDatabase(bench, async database => {
		await database.fill('large', {finished, pending: 2400, whole: false});
		for (let index = 1; index < 8; index++)
			await database.fill(`small-${index}`, {finished: smallHistory, whole: false});
		const ticks = await measureTicks(database, 'large');
		const dashboard = await measureDashboard(database);
		return {label: `1 queue of ${finished} + 7 small`, finished, ticks, dashboard};
	});
}

async function many(bench: Workbench, count: number, mode: 'partitioned' | undefined): Promise<Measurement> {
	return withDatabase(bench, async database => {
		for (let index = 0; index < count; index++)
			await database.fill(`queue-${index}`, {finished: 500, whole: false, analysed: false, ...(mode && {mode})});
		const ticks = await measureTicks(database, 'queue-0');
		const dashboard = await measureDashboard(database);
		const label = `${count} ${count === 1 ? 'queue' : 'queues'}${mode ? `, ${mode}` : ''}`;
		return {label, finished: undefined, ticks, dashboard};
	});
}

/** Measures ticks over histories up to `largest` finished tasks, and over so many queues; `tell` hears each at once. */
export async function measurePolls(
	largest: number,
	counts: readonly number[],
	tell: (row: Measurement) => void,
): Promise<readonly Measurement[]> {
	const results: Measurement[] = [];
	const add = async (measuring: Promise<Measurement>) => {
		const measured = await measuring;
		tell(measured);
		results.push(measured);
	};
	await withServer(async bench => {
		for (const finished of [...histories.filter(size => size < largest), largest]) await add(eight(bench, finished));
		for (const count of counts) {
			await add(many(bench, count, undefined));
			if (count > 1) await add(many(bench, count, 'partitioned'));
		}
	});
	return results;
}

/** What one tick costs, milliseconds: the processor time of the backend; the wall clock counts what else the machine does. */
export function tickCost({ticks: {whole}}: Measurement): number {
	return Number.isNaN(whole.cpu) ? whole.median : whole.cpu;
}
