/**
 * What the poller costs a database: the server time of one whole tick of the real poller over a queue with a long
 * history and seven small ones, and over many queues, beside the statement that a counting dashboard runs. Prints a
 * table. `npm run bench:poll [finished tasks of the large queue, 5000000]`; starts a server of its own.
 */
import {type Measurement, measureDashboard, measureTicks} from './poll/measure.ts';
import {printTable} from './poll/table.ts';
import {type Workbench, withDatabase, withServer} from './poll/workbench.ts';

const history = Number(process.argv[2] ?? 5_000_000);
if (!Number.isInteger(history) || history < 1000) {
	console.error('The size is a number of finished tasks, at least 1000.');
	process.exit(2);
}

const smallHistory = 5000;
const goal = {milliseconds: 15, ratio: 1.3};

async function eight(bench: Workbench, finished: number): Promise<Measurement> {
	return withDatabase(bench, async database => {
		await database.fill('large', {finished, pending: 2400, whole: false});
		for (let index = 1; index < 8; index++)
			await database.fill(`small-${index}`, {finished: smallHistory, whole: false});
		const ticks = await measureTicks(database, 'large');
		const dashboard = await measureDashboard(database);
		return {label: `1 queue of ${finished} + 7 small`, ticks, dashboard};
	});
}

async function many(bench: Workbench, count: number, mode: 'partitioned' | undefined): Promise<Measurement> {
	return withDatabase(bench, async database => {
		for (let index = 0; index < count; index++)
			await database.fill(`queue-${index}`, {finished: 500, whole: false, analysed: false, ...(mode && {mode})});
		const ticks = await measureTicks(database, 'queue-0');
		const dashboard = await measureDashboard(database);
		return {label: `${count} queues${mode ? `, ${mode}` : ''}`, ticks, dashboard};
	});
}

await withServer(async bench => {
	const results: Measurement[] = [];
	const add = async (measuring: Promise<Measurement>) => {
		const measured = await measuring;
		printTable([measured], console.error);
		results.push(measured);
		return measured;
	};
	const short = await add(eight(bench, smallHistory));
	const long = await add(eight(bench, history));
	for (const count of [25, 200])
		for (const mode of [undefined, 'partitioned'] as const) await add(many(bench, count, mode));
	printTable(results);
	// The wall clock counts what else the machine does; the processor time of the backend does not.
	const timeOf = ({ticks: {whole}}: Measurement) => (Number.isNaN(whole.cpu) ? whole.median : whole.cpu);
	const ratio = timeOf(long) / timeOf(short);
	const met = timeOf(long) <= goal.milliseconds && ratio <= goal.ratio;
	console.log(
		`\nOne tick over ${history} finished tasks: ${timeOf(long).toFixed(1)} ms (goal ${goal.milliseconds}), ` +
			`${ratio.toFixed(2)} times that over ${smallHistory} (goal ${goal.ratio}): ${met ? 'met' : 'NOT met'}.`,
	);
	if (!met) process.exitCode = 1;
});
