import {Absurd, type TaskContext} from 'absurd-sdk';
import {afterEach, vi} from 'vitest';
import {at, type Engine} from './support.ts';

/** A log that says nothing: what fails in these tests fails on purpose. */
export const SILENT = {log() {}, info() {}, warn() {}, error() {}};

/** Handler of a task, with parameters as the SDK hands them over. */
export type Handler = (params: unknown, context: TaskContext) => Promise<unknown>;

/** The SDK on the session of the engine, whose clock and the clock of JavaScript are moved together. */
export interface Bench {
	readonly app: Absurd;
	readonly queue: string;
	/** Registers the task `job` of this queue. */
	handle(handler: Handler): void;
	/** Claims and executes until there is nothing due, or so many times; answers how often there was something. */
	work(times?: number, worker?: string): Promise<number>;
	/** Moves both clocks to so many seconds after the start. */
	clock(seconds: number): Promise<void>;
}

/** The unmodified SDK on a new queue of the engine. */
export async function useSdk(engine: Engine, mode: 'unpartitioned' | 'partitioned' = 'unpartitioned'): Promise<Bench> {
	const queue = await engine.queue(mode);
	const app = new Absurd({db: engine.url, queueName: queue, log: SILENT});
	const bound = app.bindToConnection(engine.client);
	await app.close();
	const clock = async (seconds: number) => {
		vi.setSystemTime(new Date(at(seconds)));
		await engine.clock(seconds);
	};
	vi.useFakeTimers({toFake: ['Date']});
	await clock(0);
	return {
		app: bound,
		queue,
		handle(handler) {
			bound.registerTask({name: 'job', queue}, handler);
		},
		async work(times = 20, worker = 'w') {
			for (let turn = 0; turn < times; turn += 1) {
				const [task] = await bound.claimTasks({workerId: worker, claimTimeout: 60});
				if (task === undefined) return turn;
				await bound.executeTask(task, 60);
			}
			return times;
		},
		clock,
	};
}

/** Registers the hook that lets JavaScript's clock run again after each test. */
export function restoreClock(): void {
	afterEach(() => {
		vi.useRealTimers();
	});
}
