import {createSource} from '../../source/database/source.ts';
import {createMonitor} from '../../source/monitor/create-monitor.ts';
import {sessionOn} from '../../test/support/session.ts';
import {keyEvent, openScreens} from '../screens.ts';
import {nextSnapshot} from './next-snapshot.ts';

const interval = 500;
const warmUp = 20;
const ticks = 30;

/** What a person presses on the first screen: through the list, to the next panel and back, sorted, filtered. */
const keys = 'j j j k G g > > < < tab tab tab / m escape'.split(' ');
const rounds = 4;

/** Processor time of this process, milliseconds. */
export interface OwnCost {
	/** A tick with its frame: the median one, and the dearest. */
	readonly tick: number;
	readonly worstTick: number;
	/** A key with its frame. */
	readonly key: number;
	readonly worstKey: number;
}

function spread(values: readonly number[]): {readonly median: number; readonly worst: number} {
	const sorted = [...values].sort((a, b) => a - b);
	return {median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, worst: sorted.at(-1) ?? Number.NaN};
}

/** Processor time since `before`, milliseconds. */
function used(before: NodeJS.CpuUsage): number {
	const {user, system} = process.cpuUsage(before);
	return (user + system) / 1000;
}

/** What a tick and a key cost this process: the monitor and the screens, without a terminal. */
export async function measureOwnCost(url: string): Promise<OwnCost> {
	const connect = async () => createSource(await sessionOn(url), {queues: []});
	const monitor = createMonitor(connect, {interval, maxDbMs: undefined});
	await monitor.ready;
	const shell = openScreens(monitor);
	shell.subscribe(() => void shell.frame());
	const ofTicks: number[] = [];
	for (let tick = 0; tick < warmUp + ticks; tick++) {
		const before = process.cpuUsage();
		await nextSnapshot(monitor);
		await new Promise(resolve => setTimeout(resolve, 50));
		if (tick >= warmUp) ofTicks.push(used(before));
	}
	const ofKeys: number[] = [];
	monitor.pause(true);
	for (let round = 0; round < rounds; round++) {
		for (const name of keys) {
			const [input, key] = keyEvent(name);
			const before = process.cpuUsage();
			shell.input.event(input, key);
			await new Promise(resolve => setTimeout(resolve, name === 'escape' ? 80 : 5));
			if (round > 0) ofKeys.push(used(before));
		}
	}
	shell.close();
	await monitor.close();
	const [tick, key] = [spread(ofTicks), spread(ofKeys)];
	return {tick: tick.median, worstTick: tick.worst, key: key.median, worstKey: key.worst};
}
