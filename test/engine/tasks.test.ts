import {expect, it} from 'vitest';
import {at, describeEngine, NOBODY, refuses, useEngine} from './support.ts';

describeEngine('cancel_task', () => {
	const engine = useEngine();

	it('cancels task and open run, and nothing that has ended', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue);
		await engine.claim(queue);
		await engine.call('fail_run', queue, run, '{}');
		const second = await engine.claim(queue);
		await engine.call('await_event', queue, task, second.run, 's', 'e', 50);
		const first = await engine.row('r', queue, run);
		const before = {task: await engine.row('t', queue, task), run: await engine.row('r', queue, second.run)};
		await engine.clock(10);
		await engine.call('cancel_task', queue, task);
		expect(await engine.row('r', queue, run)).toEqual(first);
		expect(await engine.row('r', queue, second.run)).toEqual({...before.run, state: 'cancelled'});
		expect(before.run).toMatchObject({available_at: at(50), wake_event: 'e'});
		expect(await engine.row('t', queue, task)).toEqual({...before.task, state: 'cancelled', cancelled_at: at(10)});
		expect(await engine.rows('w', queue)).toEqual([]);
		await engine.clock(20);
		await engine.call('cancel_task', queue, task);
		expect(await engine.row('t', queue, task)).toMatchObject({cancelled_at: at(10)});
		expect(await engine.call('get_task_result', queue, task)).toEqual([
			{task_id: task, state: 'cancelled', result: null, failure_reason: null},
		]);
	});

	it('takes a running run from its worker, and leaves finished tasks alone', async () => {
		const queue = await engine.queue();
		const running = await engine.spawn(queue);
		await engine.claim(queue);
		await engine.call('cancel_task', queue, running.task);
		expect(await engine.row('r', queue, running.run)).toMatchObject({
			state: 'cancelled',
			claimed_by: null,
			claim_expires_at: null,
		});
		const done = await engine.spawn(queue);
		await engine.claim(queue);
		await engine.call('complete_run', queue, done.run, '1');
		const before = await engine.row('t', queue, done.task);
		await engine.call('cancel_task', queue, done.task);
		expect(await engine.row('t', queue, done.task)).toEqual(before);
		await refuses(engine.call('cancel_task', queue, NOBODY), 'P0001', `Task "${NOBODY}" not found in queue "${queue}"`);
	});
});

describeEngine('retry_task', () => {
	const engine = useEngine();

	/** A task that has failed for good after so many attempts. */
	async function dead(options: object, attempts = 1): Promise<{queue: string; task: string; run: string}> {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task} = await engine.spawn(queue, {max_attempts: attempts, ...options});
		let run = '';
		for (let attempt = 0; attempt < attempts; attempt += 1) {
			run = (await engine.claim(queue)).run;
			await engine.call('fail_run', queue, run, '{}');
		}
		return {queue, task, run};
	}

	it('adds an attempt in place and keeps what was done', async () => {
		const {queue, task, run} = await dead({}, 2);
		await engine.sql(`insert into absurd."c_${queue}" values ($1, 's', '1', 'committed', $2)`, task, run);
		await engine.sql(`update absurd."t_${queue}" set cancelled_at = now()`);
		const before = await engine.row('t', queue, task);
		await engine.clock(60);
		const [answer] = await engine.call('retry_task', queue, task);
		expect(answer).toEqual({task_id: task, run_id: answer?.['run_id'], attempt: 3, created: false});
		expect(await engine.row('t', queue, task)).toEqual({
			...before,
			state: 'pending',
			attempts: 3,
			max_attempts: 3,
			last_attempt_run: answer?.['run_id'],
			cancelled_at: null,
		});
		expect(await engine.row('r', queue, answer?.['run_id'])).toMatchObject({
			state: 'pending',
			attempt: 3,
			available_at: at(60),
			created_at: at(60),
		});
		expect((await engine.claim(queue)).row).toMatchObject({attempt: 3});
		expect(await engine.call('get_task_checkpoint_states', queue, task, answer?.['run_id'])).toHaveLength(1);
	});

	it.each<[number | null, object, number]>([
		[null, {}, 2],
		[5, {}, 6],
		[5, {max_attempts: 3}, 3],
		[1, {max_attempts: '2', spawn_new: null}, 2],
	])('raises max_attempts %s with %j to %s', async (stored, options, expected) => {
		const {queue, task} = await dead({});
		await engine.sql(`update absurd."t_${queue}" set max_attempts = $1`, stored);
		await engine.call('retry_task', queue, task, options);
		expect(await engine.row('t', queue, task)).toMatchObject({max_attempts: expected});
	});

	it('spawns a copy without key, checkpoints and nulls', async () => {
		const {queue, task} = await dead({
			idempotency_key: 'k',
			headers: {a: null, b: {c: null}, d: [null]},
			cancellation: null,
			retry_strategy: {kind: 'fixed', base_seconds: null},
		});
		await engine.sql(`update absurd."t_${queue}" set params = '{"n":null}'`);
		const before = await engine.row('t', queue, task);
		const [answer] = await engine.call('retry_task', queue, task, {spawn_new: 'yes', max_attempts: 1});
		expect(answer).toMatchObject({attempt: 1, created: true});
		expect(answer?.['task_id']).not.toBe(task);
		expect(await engine.row('t', queue, task)).toEqual(before);
		expect(await engine.row('t', queue, answer?.['task_id'])).toMatchObject({
			task_name: 'job',
			params: {n: null},
			headers: {b: {}, d: [null]},
			retry_strategy: {kind: 'fixed'},
			max_attempts: 1,
			idempotency_key: null,
			attempts: 1,
		});
		const kept = await engine.call('retry_task', queue, task, {spawn_new: true});
		const [copy] = await engine.sql(
			`select max_attempts, cancellation is null as bare from absurd."t_${queue}" where task_id = $1`,
			kept[0]?.['task_id'],
		);
		expect(copy).toEqual({max_attempts: 1, bare: true});
		await engine.sql(`update absurd."t_${queue}" set retry_strategy = '{"kind":"x"}' where task_id = $1`, task);
		await refuses(
			engine.call('retry_task', queue, task, {spawn_new: true}),
			'AB003',
			'Unsupported retry strategy kind "x"',
		);
	});

	it('refuses in order: options, unknown task, state, number', async () => {
		const {queue, task} = await dead({}, 2);
		const retry = (id: string, options: unknown) => engine.call('retry_task', queue, id, options);
		await refuses(retry(NOBODY, {spawn_new: 'maybe', max_attempts: 0}), '22P02', /boolean/);
		await refuses(retry(NOBODY, {max_attempts: 'x'}), '22P02', /integer/);
		await refuses(retry(NOBODY, {max_attempts: 0}), 'P0001', 'max_attempts must be >= 1');
		await refuses(retry(NOBODY, null), 'P0001', `Task "${NOBODY}" not found in queue "${queue}"`);
		await refuses(
			retry(task, {max_attempts: 2}),
			'P0001',
			'max_attempts (2) must be greater than current attempts (2)',
		);
		await retry(task, null);
		await refuses(retry(task, {}), 'P0001', `Task "${task}" is not currently failed in queue "${queue}"`);
		await engine.call('cancel_task', queue, task);
		await refuses(
			retry(task, {spawn_new: true}),
			'P0001',
			`Task "${task}" is not currently failed in queue "${queue}"`,
		);
	});
});

describeEngine('get_task_result', () => {
	const engine = useEngine();

	it('answers state, and the result or the failure where there is one', async () => {
		const queue = await engine.queue();
		const {task, run} = await engine.spawn(queue, {max_attempts: 2});
		const result = async () => (await engine.call('get_task_result', queue, task))[0];
		expect(await result()).toEqual({task_id: task, state: 'pending', result: null, failure_reason: null});
		await engine.claim(queue);
		await engine.call('fail_run', queue, run, {name: 'first'});
		expect(await result()).toMatchObject({state: 'pending', failure_reason: null});
		await engine.call('fail_run', queue, (await engine.claim(queue)).run, {name: 'last'});
		expect(await result()).toMatchObject({state: 'failed', result: null, failure_reason: {name: 'last'}});
		await engine.call('retry_task', queue, task);
		await engine.call('complete_run', queue, (await engine.claim(queue)).run, [1]);
		expect(await result()).toEqual({task_id: task, state: 'completed', result: [1], failure_reason: null});
		expect(await engine.call('get_task_result', queue, NOBODY)).toEqual([]);
		expect(await engine.call('get_task_result', queue, null)).toEqual([]);
		await refuses(engine.call('get_task_result', '', task), 'P0001', 'Queue name must be provided');
	});
});
