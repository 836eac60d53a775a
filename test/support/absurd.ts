import type {TestDatabase} from './database.ts';

/** A task and its run, as `spawn_task` answers them. */
export interface Spawned {
	readonly taskId: string;
	readonly runId: string;
}

/**
 * Stages situations through Absurd's public functions only, so that every Absurd schema will do. Times are the
 * database's own.
 */
export interface Absurd {
	createQueue(name: string): Promise<void>;
	spawn(queue: string, taskName: string, params?: unknown, options?: unknown): Promise<Spawned>;
	/** Claims up to `quantity` runs with a lease of so many seconds; answers the run ids. */
	claim(queue: string, worker: string, quantity?: number, lease?: number): Promise<string[]>;
	complete(queue: string, runId: string, result?: unknown): Promise<void>;
	fail(queue: string, runId: string, name: string, message: string): Promise<void>;
	checkpoint(queue: string, run: Spawned, name: string, state: unknown): Promise<void>;
	awaitEvent(queue: string, run: Spawned, step: string, event: string, timeout?: number): Promise<void>;
	/** State, attempts and highest attempt allowed of a task; undefined when there is none. */
	task(
		queue: string,
		taskId: string,
	): Promise<{state: string; attempts: number; maxAttempts: number | null} | undefined>;
	/** Number of rows of one of the queue's tables, for asserting that nothing was written. */
	count(table: 't' | 'r' | 'c' | 'e' | 'w', queue: string): Promise<number>;
}

export function stage(database: Pick<TestDatabase, 'query'>): Absurd {
	const quoted = (prefix: string, queue: string) => `absurd."${prefix}_${queue.replaceAll('"', '""')}"`;
	return {
		async createQueue(name) {
			await database.query('select absurd.create_queue($1)', [name]);
		},
		async spawn(queue, taskName, params = {}, options = {}) {
			const [row] = await database.query<{task_id: string; run_id: string}>(
				'select task_id, run_id from absurd.spawn_task($1, $2, $3, $4)',
				[queue, taskName, JSON.stringify(params), JSON.stringify(options)],
			);
			if (!row) throw new Error('spawn_task answered no row');
			return {taskId: row.task_id, runId: row.run_id};
		},
		async claim(queue, worker, quantity = 1, lease = 120) {
			const rows = await database.query<{run_id: string}>('select run_id from absurd.claim_task($1, $2, $3, $4)', [
				queue,
				worker,
				lease,
				quantity,
			]);
			return rows.map(row => row.run_id);
		},
		async complete(queue, runId, result = 'ok') {
			await database.query('select absurd.complete_run($1, $2, $3)', [queue, runId, JSON.stringify(result)]);
		},
		async fail(queue, runId, name, message) {
			await database.query('select absurd.fail_run($1, $2, $3)', [queue, runId, JSON.stringify({name, message})]);
		},
		async checkpoint(queue, run, name, state) {
			await database.query('select absurd.set_task_checkpoint_state($1, $2, $3, $4, $5)', [
				queue,
				run.taskId,
				name,
				JSON.stringify(state),
				run.runId,
			]);
		},
		async awaitEvent(queue, run, step, event, timeout) {
			await database.query('select should_suspend from absurd.await_event($1, $2, $3, $4, $5, $6)', [
				queue,
				run.taskId,
				run.runId,
				step,
				event,
				timeout ?? null,
			]);
		},
		async task(queue, taskId) {
			const [row] = await database.query<{state: string; attempts: number; max_attempts: number | null}>(
				`select state, attempts, max_attempts from ${quoted('t', queue)} where task_id = $1`,
				[taskId],
			);
			return row && {state: row.state, attempts: row.attempts, maxAttempts: row.max_attempts};
		},
		async count(table, queue) {
			const [row] = await database.query<{n: number}>(`select count(*)::int as n from ${quoted(table, queue)}`);
			return row?.n ?? 0;
		},
	};
}

/** Waits for a condition of the database. */
export async function eventually(what: string, holds: () => Promise<boolean>, timeout = 10_000): Promise<void> {
	const deadline = Date.now() + timeout;
	while (!(await holds())) {
		if (Date.now() > deadline) throw new Error(`Did not happen within ${timeout} ms: ${what}`);
		await new Promise(resolve => setTimeout(resolve, 50));
	}
}
