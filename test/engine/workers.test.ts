import {Absurd} from 'absurd-sdk';
import {afterEach, expect, it} from 'vitest';
import {SILENT} from './sdk-support.ts';
import {describeEngine, useEngine} from './support.ts';

/** Real workers of npm absurd-sdk 0.5.0, on pools of their own and the real clock. */
describeEngine('npm absurd-sdk 0.5.0: workers', () => {
	const engine = useEngine();

	// A pool says that it has ended before its connections have.
	afterEach(async () => {
		const others = 'select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
		while ((await engine.sql(others)).length > 0);
	});

	it('shares the tasks of a queue among workers and waits for results across queues', async () => {
		const [parents, children] = [await engine.queue(), await engine.queue('partitioned')];
		const child = new Absurd({db: engine.url, queueName: children, log: SILENT});
		const parent = new Absurd({db: engine.url, queueName: parents, log: SILENT});
		const third = new Absurd({db: engine.url, queueName: children, log: SILENT});
		try {
			for (const app of [child, third]) {
				app.registerTask({name: 'child', queue: children}, async (params: {n: number}, context) => {
					if (params.n === 3) throw new Error('three is bad');
					return await context.step('double', async () => params.n * 2);
				});
			}
			parent.registerTask({name: 'parent', queue: parents}, async (params: {n: number}, context) => {
				const spawned = await context.step('spawn', () =>
					parent.spawn('child', params, {queue: children, maxAttempts: 1, idempotencyKey: `child ${params.n}`}),
				);
				return await context.awaitTaskResult(spawned.taskID, {queue: children});
			});
			const options = {pollInterval: 0.02, concurrency: 5, fatalOnLeaseTimeout: false, claimTimeout: 30};
			await child.startWorker({...options, workerId: 'c1'});
			await third.startWorker({...options, workerId: 'c2'});
			await parent.startWorker({...options, workerId: 'p'});
			const tasks = [];
			for (let n = 0; n < 20; n += 1) tasks.push(await parent.spawn('parent', {n}));
			const results = [];
			for (const {taskID} of tasks) results.push(await parent.awaitTaskResult(taskID, {timeout: 20}));
			expect(results).toEqual(
				tasks.map((_, n) =>
					n === 3
						? {
								state: 'completed',
								result: {state: 'failed', failure: expect.objectContaining({message: 'three is bad'})},
							}
						: {state: 'completed', result: {state: 'completed', result: n * 2}},
				),
			);
		} finally {
			for (const app of [child, parent, third]) await app.close();
		}
		const [counts] = await engine.sql(
			`select count(*)::int as runs, count(distinct task_id)::int as tasks from absurd."r_${children}"`,
		);
		expect(counts).toEqual({runs: 20, tasks: 20});
	});

	it('spawns one task for 20 clients that use one key', async () => {
		const queue = await engine.queue();
		const app = new Absurd({db: engine.url, queueName: queue, log: SILENT});
		try {
			const answers = await Promise.all(
				Array.from({length: 20}, () => app.spawn('job', {}, {queue, idempotencyKey: 'once'})),
			);
			expect(answers.filter(answer => answer.created)).toHaveLength(1);
			expect(new Set(answers.map(answer => answer.taskID)).size).toBe(1);
			expect(new Set(answers.map(answer => answer.runID)).size).toBe(1);
		} finally {
			await app.close();
		}
	});
});
