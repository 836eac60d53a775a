import {TimeoutError} from 'absurd-sdk';
import {expect, it} from 'vitest';
import {restoreClock, useSdk} from './sdk-support.ts';
import {at, describeEngine, useEngine} from './support.ts';

describeEngine('npm absurd-sdk 0.5.0: tasks', () => {
	const engine = useEngine();
	restoreClock();

	it.each(['unpartitioned', 'partitioned'] as const)('saves steps and does not run them again: %s', async mode => {
		const {app, queue, handle, work} = await useSdk(engine, mode);
		const ran: string[] = [];
		handle(async (params, context) => {
			const step = (name: string) =>
				context.step(name, async () => {
					ran.push(name);
					return ran.length;
				});
			const answers = [await step('fetch'), await step('fetch'), await step('store')];
			const handle_ = await context.beginStep<string>('manual');
			const manual = handle_.done ? handle_.state : await context.completeStep(handle_, 'by hand');
			if (ran.length === 3) {
				ran.push('crash');
				throw new TypeError('not yet');
			}
			return {answers, manual, params, headers: context.headers};
		});
		const {taskID} = await app.spawn('job', {a: [1, null]}, {headers: {trace: 'x'}});
		expect(await work()).toBe(2);
		expect(ran).toEqual(['fetch', 'fetch', 'store', 'crash']);
		expect(await app.fetchTaskResult(taskID)).toEqual({
			state: 'completed',
			result: {answers: [1, 2, 3], manual: 'by hand', params: {a: [1, null]}, headers: {trace: 'x'}},
		});
		expect((await engine.rows('c', queue)).map(row => row['checkpoint_name']).toSorted()).toEqual([
			'fetch',
			'fetch#2',
			'manual',
			'store',
		]);
		const [first] = await engine.sql(`select failure_reason from absurd."r_${queue}" where state = 'failed'`);
		expect(first?.['failure_reason']).toMatchObject({name: 'TypeError', message: 'not yet'});
	});

	it('sleeps by the clock of the database', async () => {
		const {app, queue, handle, work, clock} = await useSdk(engine);
		handle(async (_, context) => {
			await context.sleepFor('nap', 30);
			await context.sleepUntil('nap', new Date(at(100)));
			return 'rested';
		});
		const {taskID, runID} = await app.spawn('job', null);
		expect(await work()).toBe(1);
		expect(await engine.row('r', queue, runID)).toMatchObject({state: 'sleeping', available_at: at(30)});
		await clock(29);
		expect(await work()).toBe(0);
		await clock(30);
		expect(await work()).toBe(1);
		expect(await engine.row('r', queue, runID)).toMatchObject({state: 'sleeping', available_at: at(100), attempt: 1});
		await clock(100);
		await work();
		expect(await app.fetchTaskResult(taskID)).toEqual({state: 'completed', result: 'rested'});
		expect((await engine.rows('c', queue)).map(row => row['state'])).toEqual([
			new Date(at(30)).toISOString(),
			new Date(at(100)).toISOString(),
		]);
	});

	it('takes events from before and after the await, each once', async () => {
		const {app, handle, work} = await useSdk(engine);
		handle(async (_, context) => [
			await context.awaitEvent('early'),
			await context.awaitEvent('late', {stepName: 'mine'}),
			await context.awaitEvent('late'),
		]);
		await app.emitEvent('early', {n: 1});
		const {taskID} = await app.spawn('job', {});
		expect(await work()).toBe(1);
		expect(await app.fetchTaskResult(taskID)).toEqual({state: 'sleeping'});
		await app.emitEvent('late', [2]);
		await app.emitEvent('late', 'ignored');
		expect(await work()).toBe(1);
		expect(await app.fetchTaskResult(taskID)).toEqual({state: 'completed', result: [{n: 1}, [2], [2]]});
	});

	it('throws a TimeoutError when an event does not come', async () => {
		const {app, queue, handle, work, clock} = await useSdk(engine);
		handle(async (_, context) =>
			context.awaitEvent('never', {timeout: 10}).catch((error: unknown) => {
				if (!(error instanceof TimeoutError)) throw error;
				return error.message;
			}),
		);
		const {taskID} = await app.spawn('job', {});
		await work();
		await clock(9);
		expect(await work()).toBe(0);
		await clock(10);
		expect(await work()).toBe(1);
		expect(await app.fetchTaskResult(taskID)).toEqual({
			state: 'completed',
			result: 'Timed out waiting for event "never"',
		});
		expect(await engine.rows('w', queue)).toEqual([]);
	});

	it('lets a task emit events for another, and extend its lease', async () => {
		const {app, queue, handle, work} = await useSdk(engine);
		handle(async (params, context) => {
			if (params === 'waits') return await context.awaitEvent('hello');
			await context.heartbeat(500);
			await context.emitEvent('hello', 'world');
			return (await engine.rows('r', queue)).map(row => row['claim_expires_at']);
		});
		const waits = await app.spawn('job', 'waits');
		await work();
		const emits = await app.spawn('job', 'emits');
		await work();
		expect(await app.fetchTaskResult(waits.taskID)).toEqual({state: 'completed', result: 'world'});
		expect(await app.fetchTaskResult(emits.taskID)).toMatchObject({result: expect.arrayContaining([at(500)])});
	});
});

describeEngine('npm absurd-sdk 0.5.0: trouble', () => {
	const engine = useEngine();
	restoreClock();

	it.each([
		['none', {kind: 'none'}, [0, 0]],
		['fixed', {kind: 'fixed', baseSeconds: 7}, [7, 14]],
		['exponential', {kind: 'exponential', baseSeconds: 2, factor: 3, maxSeconds: 5}, [2, 7]],
	] as const)('retries with the strategy %s', async (_, retryStrategy, times) => {
		const {app, handle, work, clock} = await useSdk(engine);
		const attempts: number[] = [];
		handle(async () => {
			attempts.push(attempts.length + 1);
			throw new Error(`attempt ${attempts.length}`);
		});
		const {taskID} = await app.spawn('job', {}, {maxAttempts: 3, retryStrategy: {...retryStrategy}});
		await work(1);
		for (const [index, seconds] of times.entries()) {
			if (seconds > 0) {
				await clock(seconds - 1);
				expect(await work(1)).toBe(0);
			}
			await clock(seconds);
			expect(await work(1)).toBe(1);
			expect(attempts).toHaveLength(index + 2);
		}
		expect(await app.fetchTaskResult(taskID)).toMatchObject({state: 'failed', failure: {message: 'attempt 3'}});
		await clock(1000);
		expect(await work()).toBe(0);

		const retried = await app.retryTask(taskID);
		expect(retried).toMatchObject({taskID, attempt: 4, created: false});
		expect(await work()).toBe(1);
		const copy = await app.retryTask(taskID, {spawnNewTask: true, maxAttempts: 1});
		expect(copy).toMatchObject({attempt: 1, created: true});
		expect(await work()).toBe(1);
		expect(await app.fetchTaskResult(copy.taskID)).toMatchObject({state: 'failed', failure: {message: 'attempt 5'}});
	});

	it('stops a run at its next step once the task is cancelled', async () => {
		const {app, queue, handle, work} = await useSdk(engine);
		const ran: string[] = [];
		handle(async (_, context) => {
			await context.step('first', async () => ran.push('first'));
			await app.cancelTask(context.taskID);
			await context.step('second', async () => ran.push('second'));
			ran.push('not reached');
		});
		const {taskID} = await app.spawn('job', {});
		await work();
		expect(ran).toEqual(['first', 'second']);
		expect(await app.fetchTaskResult(taskID)).toEqual({state: 'cancelled'});
		expect((await engine.rows('r', queue)).map(row => row['state'])).toEqual(['cancelled']);
		expect((await engine.rows('c', queue)).map(row => row['checkpoint_name'])).toEqual(['first']);
	});

	it('applies cancellation policies', async () => {
		const {app, handle, work, clock} = await useSdk(engine);
		handle(async (_, context) => context.sleepFor('long', 1000));
		const late = await app.spawn('job', {}, {cancellation: {maxDelay: 5}});
		await clock(5);
		expect(await work()).toBe(0);
		expect(await app.fetchTaskResult(late.taskID)).toEqual({state: 'cancelled'});
		const slow = await app.spawn('job', {}, {cancellation: {maxDuration: 20.5}});
		await work();
		await clock(24);
		await work();
		expect(await app.fetchTaskResult(slow.taskID)).toEqual({state: 'sleeping'});
		await clock(25);
		await work();
		expect(await app.fetchTaskResult(slow.taskID)).toEqual({state: 'cancelled'});
	});

	it('lets another worker take over when a lease runs out', async () => {
		const {app, queue, handle, work, clock} = await useSdk(engine);
		let takenOver = false;
		const ran: string[] = [];
		handle(async (_, context) => {
			await context.step('before', async () => ran.push('before'));
			if (!takenOver) {
				takenOver = true;
				await clock(61);
				await work(1, 'other');
			}
			await context.step('after', async () => ran.push('after'));
			return ran;
		});
		const {taskID} = await app.spawn('job', {});
		await work(1, 'slow');
		expect(ran).toEqual(['before', 'after']);
		expect(await app.fetchTaskResult(taskID)).toEqual({state: 'completed', result: ['before', 'after']});
		const runs = await engine.sql(
			`select attempt, state, claimed_by, failure_reason ->> 'name' as reason from absurd."r_${queue}" order by attempt`,
		);
		expect(runs).toEqual([
			{attempt: 1, state: 'failed', claimed_by: 'slow', reason: '$ClaimTimeout'},
			{attempt: 2, state: 'completed', claimed_by: 'other', reason: null},
		]);
	});

	it('defers what this worker does not know', async () => {
		const {app, queue, work} = await useSdk(engine);
		const {runID} = await app.spawn('unheard of', {}, {queue});
		expect(await work()).toBe(1);
		const run = await engine.row('r', queue, runID);
		expect(run).toMatchObject({state: 'sleeping', attempt: 1, claimed_by: null});
		const delay = (Date.parse(String(run['available_at'])) - Date.parse(at(0))) / 1000;
		expect(delay).toBeGreaterThanOrEqual(15);
		expect(delay).toBeLessThanOrEqual(31);
	});

	it('manages queues and their policies', async () => {
		const {app, queue} = await useSdk(engine);
		await app.createQueue('made', {storageMode: 'partitioned', cleanupTtl: '7 days', detachMode: 'empty'});
		expect(await app.listQueues()).toEqual(expect.arrayContaining(['made', queue]));
		expect(await app.getQueuePolicy('made')).toEqual({
			queueName: 'made',
			storageMode: 'partitioned',
			partitionLookahead: '28 days',
			partitionLookback: '1 day',
			cleanupTtl: '7 days',
			cleanupLimit: 1000,
			detachMode: 'empty',
			detachMinAge: '30 days',
		});
		await app.setQueuePolicy('made', {cleanupLimit: 5, partitionLookahead: '14 days'});
		expect(await app.getQueuePolicy('made')).toMatchObject({cleanupLimit: 5, partitionLookahead: '14 days'});
		await app.dropQueue('made');
		expect(await app.getQueuePolicy('made')).toBeNull();
	});
});
