import {Absurd, type ClaimedTask, type SpawnOptions, type TaskContext} from 'absurd-sdk';
import type {TestDatabase} from '../../support/database.ts';
import {createSdkPool} from '../../support/sdk-pool.ts';

const silent = {log() {}, info() {}, warn() {}, error() {}};

export type Handler = (params: unknown, context: TaskContext) => Promise<unknown>;

/** A queue with real workers of the SDK on a real database; what happened long ago is dated back afterwards. */
export interface Stage {
	readonly database: TestDatabase;
	readonly queue: string;
	/** Makes a task name known to the workers. */
	handle(name: string, handler: Handler): void;
	spawn(name: string, params?: unknown, options?: SpawnOptions): Promise<string>;
	/** Claims like a worker that then dies: nothing is executed. */
	claim(worker: string, quantity: number, lease?: number): Promise<readonly ClaimedTask[]>;
	/** Claims and executes until nothing is due, or so many times. */
	work(worker?: string, times?: number): Promise<void>;
	/** Claims up to `quantity` and executes them side by side. */
	workTogether(quantity: number): Promise<void>;
	/** Runs SQL in which `t_`, `r_`, `c_`, `w_` and `e_` stand for the queue's tables. */
	sql(text: string): Promise<void>;
	/** Something to end with the drill. */
	onEnd(end: () => Promise<unknown>): void;
	end(): Promise<void>;
}

/** Makes the queue and its workers. */
export async function setStage(
	database: TestDatabase,
	queue: string,
	mode: 'unpartitioned' | 'partitioned' = 'unpartitioned',
): Promise<Stage> {
	const pool = createSdkPool(database.url);
	const app = new Absurd({db: pool, queueName: queue, log: silent});
	await app.createQueue(queue, {storageMode: mode});
	const ends: (() => Promise<unknown>)[] = [() => app.close(), () => pool.end()];
	const execute = (task: ClaimedTask) => app.executeTask(task, 60, {fatalOnLeaseTimeout: false});
	return {
		database,
		queue,
		handle: (name, handler) => app.registerTask({name, queue}, handler),
		spawn: async (name, params = {}, options = {}) => (await app.spawn(name, params, {queue, ...options})).taskID,
		claim: (worker, quantity, lease = 60) =>
			app.claimTasks({workerId: worker, batchSize: quantity, claimTimeout: lease}),
		async work(worker = 'w-3:12', times = 200) {
			for (let turn = 0; turn < times; turn++) {
				const [task] = await app.claimTasks({workerId: worker, claimTimeout: 60});
				if (task === undefined) return;
				await execute(task);
			}
		},
		async workTogether(quantity) {
			const tasks = await app.claimTasks({workerId: 'w-3:12', batchSize: quantity, claimTimeout: 60});
			await Promise.all(tasks.map(execute));
		},
		async sql(text) {
			await database.query(text.replaceAll(/\b([trcwe])_(?![a-z])/g, `absurd."$1_${queue}"`));
		},
		onEnd: end => ends.unshift(end),
		async end() {
			for (const end of ends) await end();
		},
	};
}
