import {expect, it} from 'vitest';
import {at, describeEngine, NOBODY, type Row, refuses, useEngine} from './support.ts';

describeEngine('complete_run', () => {
	const engine = useEngine();

	it('completes run and task with the result and ends the waits of this run', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue);
		await engine.claim(queue, 'w1', 60);
		for (const owner of [run, NOBODY]) {
			await engine.sql(`insert into absurd."w_${queue}" values ($1, $2, 's', 'e')`, task, owner);
		}
		await engine.sql(`update absurd."r_${queue}" set wake_event = 'e', event_payload = '7'`);
		const before = {task: await engine.row('t', queue, task), run: await engine.row('r', queue, run)};
		await engine.clock(90);
		await engine.call('complete_run', queue, run, {ok: true});
		expect(await engine.row('r', queue, run)).toEqual({
			...before.run,
			state: 'completed',
			completed_at: at(90),
			result: {ok: true},
		});
		expect(await engine.row('t', queue, task)).toEqual({
			...before.task,
			state: 'completed',
			completed_payload: {ok: true},
		});
		expect(await engine.rows('w', queue)).toMatchObject([{run_id: NOBODY}]);
	});

	it('keeps SQL NULL and JSON null apart', async () => {
		const queue = await engine.queue();
		for (const result of [null, 'null']) {
			await engine.spawn(queue);
			const {run} = await engine.claim(queue);
			await engine.call('complete_run', queue, run, result);
			expect(
				await engine.sql(
					`select result::text, completed_payload::text from absurd."r_${queue}" join absurd."t_${queue}" using (task_id) where run_id = $1`,
					run,
				),
			).toEqual([{result, completed_payload: result}]);
		}
	});
});

describeEngine('fail_run', () => {
	const engine = useEngine();

	/** A claimed run, then failed at second 100. */
	async function failed(options: object, reason: unknown = {name: 'E'}, retryAt: string | null = null) {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue, options);
		await engine.claim(queue, 'w1', 60);
		await engine.clock(100);
		await engine.call('fail_run', queue, run, reason, retryAt);
		const runs = await engine.rows('r', queue);
		return {
			queue,
			task: await engine.row('t', queue, task),
			run: await engine.row('r', queue, run),
			next: runs.find(row => row['run_id'] !== run),
		};
	}

	it('fails the run and makes the next attempt at once', async () => {
		const {run, task, next} = await failed({});
		expect(run).toMatchObject({
			state: 'failed',
			failed_at: at(100),
			failure_reason: {name: 'E'},
			claimed_by: 'w1',
			claim_expires_at: at(60),
			started_at: at(0),
			available_at: at(0),
			wake_event: null,
		});
		expect(next).toEqual({
			run_id: next?.['run_id'],
			task_id: task['task_id'],
			attempt: 2,
			state: 'pending',
			claimed_by: null,
			claim_expires_at: null,
			available_at: at(100),
			wake_event: null,
			event_payload: null,
			started_at: null,
			completed_at: null,
			failed_at: null,
			result: null,
			failure_reason: null,
			created_at: at(100),
		});
		expect(task).toMatchObject({state: 'pending', attempts: 2, last_attempt_run: next?.['run_id']});
	});

	const fixed = {kind: 'fixed', base_seconds: 1.5};
	it.each<[string, object, string | null, Row, Row | undefined]>([
		[
			'back-off',
			{retry_strategy: fixed},
			null,
			{state: 'sleeping', attempts: 2},
			{state: 'sleeping', available_at: at(101.5)},
		],
		['given time', {retry_strategy: fixed}, at(500), {state: 'sleeping'}, {available_at: at(500)}],
		['time in the past', {retry_strategy: fixed}, at(5), {state: 'pending'}, {state: 'pending', available_at: at(100)}],
		['last attempt', {max_attempts: 1}, null, {state: 'failed', attempts: 1}, undefined],
		[
			'last attempt after max_duration',
			{max_attempts: 1, cancellation: {max_duration: 1}},
			null,
			{state: 'failed'},
			undefined,
		],
		[
			'retry at max_duration',
			{cancellation: {max_duration: 100}},
			null,
			{state: 'cancelled', attempts: 1, cancelled_at: at(100)},
			undefined,
		],
		['retry before max_duration', {cancellation: {max_duration: 101}}, null, {state: 'pending'}, {attempt: 2}],
		[
			'back-off beyond max_duration',
			{retry_strategy: fixed, cancellation: {max_duration: 101}},
			null,
			{state: 'cancelled'},
			undefined,
		],
		['fraction of max_duration', {cancellation: {max_duration: 100.9}}, null, {state: 'cancelled'}, undefined],
		['endless delay', {cancellation: {max_duration: 1e9}}, 'infinity', {state: 'cancelled'}, undefined],
	])('decides what follows: %s', async (_, options, retryAt, task, next) => {
		const answer = await failed(options, {}, retryAt);
		expect(answer.task).toMatchObject(task);
		if (next === undefined) {
			expect(answer.next).toBeUndefined();
			expect(answer.task['last_attempt_run']).toBe(answer.run['run_id']);
		} else expect(answer.next).toMatchObject(next);
	});

	it('fails for good on a stored strategy that is not valid, even inside a claim', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue, {cancellation: {max_duration: 50}});
		await engine.claim(queue, 'w', 10);
		await engine.sql(`update absurd."t_${queue}" set retry_strategy = '{"kind":"never"}'`);
		await engine.clock(20);
		expect(await engine.call('claim_task', queue, 'w', 10, 1)).toEqual([]);
		expect(await engine.row('t', queue, task)).toMatchObject({state: 'failed', attempts: 1, last_attempt_run: run});
		expect(await engine.call('get_task_result', queue, task)).toMatchObject([
			{state: 'failed', result: null, failure_reason: {name: '$ClaimTimeout'}},
		]);
	});

	it('takes a sleeping run too, ends its waits, and stores a NULL reason', async () => {
		const queue = await engine.queue();
		const {task, run} = await engine.spawn(queue);
		await engine.claim(queue);
		await engine.call('await_event', queue, task, run, 's', 'e', null);
		await engine.call('fail_run', queue, run, null);
		expect(await engine.row('r', queue, run)).toMatchObject({
			state: 'failed',
			failure_reason: null,
			available_at: 'infinity',
			wake_event: null,
		});
		expect(await engine.rows('w', queue)).toEqual([]);
	});
});

describeEngine('schedule_run and extend_claim', () => {
	const engine = useEngine();

	it('lets a run sleep and go on as the same attempt', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue);
		await engine.claim(queue);
		await engine.sql(`update absurd."r_${queue}" set wake_event = 'e', event_payload = '7'`);
		const before = await engine.row('r', queue, run);
		await engine.call('schedule_run', queue, run, at(30));
		expect(await engine.row('r', queue, run)).toEqual({
			...before,
			state: 'sleeping',
			claimed_by: null,
			claim_expires_at: null,
			available_at: at(30),
			wake_event: null,
		});
		expect(await engine.row('t', queue, task)).toMatchObject({state: 'sleeping'});
		expect(await engine.call('claim_task', queue, 'w')).toEqual([]);
		await engine.clock(30);
		expect((await engine.claim(queue)).row).toMatchObject({run_id: run, attempt: 1, event_payload: 7});
		await engine.call('schedule_run', queue, run, at(-5));
		expect((await engine.claim(queue)).run).toBe(run);
		await refuses(engine.call('schedule_run', queue, run, null), '23502', /available_at/);
		await engine.call('schedule_run', queue, run, 'infinity');
		await refuses(
			engine.call('schedule_run', queue, run, at(1)),
			'P0001',
			`Run "${run}" is not currently running in queue "${queue}"`,
		);
	});

	it('moves the end of a lease, also of one that has run out', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {run} = await engine.spawn(queue);
		await engine.claim(queue, 'w', 100);
		await engine.call('extend_claim', queue, run, 10);
		expect(await engine.row('r', queue, run)).toMatchObject({claim_expires_at: at(10)});
		await engine.clock(50);
		await engine.call('extend_claim', queue, run, 10);
		expect(await engine.row('r', queue, run)).toMatchObject({claim_expires_at: at(60), state: 'running'});
		for (const bad of [null, 0, -1]) {
			await refuses(engine.call('extend_claim', queue, NOBODY, bad), 'P0001', 'extend_by must be > 0');
		}
		await engine.sql(`update absurd."r_${queue}" set claim_expires_at = null`);
		await refuses(
			engine.call('extend_claim', queue, run, 5),
			'P0001',
			`Run "${run}" does not have an active claim in queue "${queue}"`,
		);
	});
});
