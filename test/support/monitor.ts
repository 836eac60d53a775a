import {createSource} from '../../source/database/source.ts';
import {createMonitor} from '../../source/monitor/create-monitor.ts';
import type {Monitor} from '../../source/monitor/monitor.ts';
import type {QueueSnapshot, Snapshot} from '../../source/monitor/snapshot.ts';
import {createTestClock, type TestClock} from './clock.ts';
import {sessionOn} from './session.ts';

/** A live monitor on a database whose client time the test moves. */
export interface TestMonitor extends Monitor {
	readonly clock: TestClock;
	/** Lets one interval pass and waits for its tick; answers the Snapshot. */
	tick(): Promise<Snapshot>;
	/** One queue of the current Snapshot; throws when it is not there. */
	queue(name: string): QueueSnapshot;
}

interface TestMonitorOptions {
	readonly interval?: number;
	readonly queues?: readonly string[];
	readonly start?: number;
	/** Milliseconds; every queue in every tick unless told otherwise. */
	readonly tickBudget?: number;
}

/** Starts a monitor on a database through the real source and session, and waits for its first tick. */
export async function startMonitor(url: string, options: TestMonitorOptions = {}): Promise<TestMonitor> {
	const interval = options.interval ?? 2000;
	const tickBudget = options.tickBudget ?? Number.POSITIVE_INFINITY;
	const clock = createTestClock(options.start ?? Date.now());
	const connect = async () => createSource(await sessionOn(url), {queues: options.queues ?? []});
	const monitor = createMonitor(connect, {interval, maxDbMs: undefined, tickBudget}, clock);
	await monitor.ready;
	return {
		get snapshot() {
			return monitor.snapshot;
		},
		get answers() {
			return monitor.answers;
		},
		get ready() {
			return monitor.ready;
		},
		subscribe: monitor.subscribe,
		look: monitor.look,
		pause: monitor.pause,
		refresh: monitor.refresh,
		catchUp: monitor.catchUp,
		setInterval: monitor.setInterval,
		show: monitor.show,
		close: monitor.close,
		clock,
		async tick() {
			await settled(clock);
			const published = new Promise<void>(resolve => {
				const end = monitor.subscribe(() => {
					end();
					resolve();
				});
			});
			clock.pass(monitor.snapshot.effectiveInterval);
			await published;
			return monitor.snapshot;
		},
		queue(name) {
			const found = monitor.snapshot.queues.find(queue => queue.name === name);
			if (!found) throw new Error(`No queue ${name} in the Snapshot.`);
			return found;
		},
	};
}

// The next timer is set a moment after a Snapshot was published.
async function settled(clock: TestClock): Promise<void> {
	while (clock.waiting() === 0) await new Promise(resolve => setImmediate(resolve));
}
