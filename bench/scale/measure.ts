import pg from 'pg';
import {createSource} from '../../source/database/source.ts';
import {createMonitor} from '../../source/monitor/create-monitor.ts';
import {watchLocks} from '../../test/support/lock-watch.ts';
import {endPrograms, startProgram} from '../../test/support/program.ts';
import {sessionOn} from '../../test/support/session.ts';
import {nextSnapshot} from './next-snapshot.ts';
import {measureOwnCost, type OwnCost} from './own-cost.ts';

const interval = 2000;
const ticks = 20;
const keys = 20;

/** What watching cost and how it felt. Times are milliseconds. */
export interface Felt {
	/** Until the first Snapshot. */
	readonly first: number;
	readonly median: number;
	readonly worst: number;
	/** Queues that were read at least once in these ticks. */
	readonly read: number;
	/** Most locks that one session held at any of the looks. */
	readonly locks: number;
	readonly looks: number;
	readonly troubles: readonly string[];
	/** The program in a terminal: its first frame with data, and a key until the screen shows it. */
	readonly screen: number;
	readonly key: number;
	readonly own: OwnCost;
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function watchOne(url: string) {
	const started = performance.now();
	const connect = async () => createSource(await sessionOn(url), {queues: []});
	const monitor = createMonitor(connect, {interval, maxDbMs: undefined});
	await monitor.ready;
	const first = performance.now() - started;
	const durations: number[] = [];
	const troubles = new Set<string>();
	while (durations.length < ticks) {
		await nextSnapshot(monitor);
		durations.push(monitor.snapshot.tickDuration ?? Number.NaN);
		for (const {trouble} of monitor.snapshot.queues) if (trouble) troubles.add(trouble.sentence);
		for (const {rule, sentence} of monitor.snapshot.findings) if (rule === 'tick-failed') troubles.add(sentence);
	}
	const read = monitor.snapshot.queues.filter(queue => queue.readAt !== undefined).length;
	await monitor.close();
	return {first, durations, read, troubles: [...troubles]};
}

/** The built program in a terminal of 120x40: until its first rows, and how long a key takes. */
async function feel(url: string, queue: string): Promise<{readonly screen: number; readonly key: number}> {
	const started = performance.now();
	const program = startProgram([url], {columns: 120, rows: 40});
	await program.waitFor(new RegExp(`${queue}.* \\d`), 120_000);
	const screen = performance.now() - started;
	const taken: number[] = [];
	for (let index = 0; index < keys; index++) {
		const before = program.bytes();
		const pressed = performance.now();
		program.write('\t');
		await program.waitFor(() => program.bytes() > before, 60_000);
		taken.push(performance.now() - pressed);
		await new Promise(resolve => setTimeout(resolve, 100));
	}
	await endPrograms();
	return {screen, key: median(taken)};
}

/** Watches a database with so many monitors at once, then with the program in a terminal. */
export async function measureScale(url: string, monitors: number, queue: string): Promise<Felt> {
	const client = new pg.Client({connectionString: url});
	await client.connect();
	const beside = new pg.Client({connectionString: url});
	const locks = await watchLocks({client, connect: async () => beside.connect().then(() => beside)});
	const all = await Promise.all(Array.from({length: monitors}, () => watchOne(url)));
	const {most, looks} = await locks.end();
	await Promise.all([client.end(), beside.end()]);
	const durations = all.flatMap(each => each.durations);
	return {
		first: Math.max(...all.map(each => each.first)),
		median: median(durations),
		worst: Math.max(...durations),
		read: Math.min(...all.map(each => each.read)),
		locks: most,
		looks,
		troubles: [...new Set(all.flatMap(each => each.troubles))],
		own: await measureOwnCost(url),
		...(await feel(url, queue)),
	};
}
