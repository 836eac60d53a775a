import {readFileSync} from 'node:fs';
import {PGlite} from '@electric-sql/pglite';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {describeEngine} from './support.ts';

type Row = Record<string, unknown>;

/** The file in Postgres compiled to WebAssembly, one process, one session. */
describeEngine('PGlite', () => {
	let database: PGlite;
	const call = async (name: string, ...values: unknown[]): Promise<Row[]> => {
		const parameters = values.map((_, index) => `$${index + 1}`).join(', ');
		return (await database.query<Row>(`select * from absurd.${name}(${parameters})`, values)).rows;
	};
	beforeAll(async () => {
		database = await PGlite.create();
		await database.exec(readFileSync(new URL('../../sql/absurd.sql', import.meta.url), 'utf8'));
	});
	afterAll(() => database.close());

	it.each(['unpartitioned', 'partitioned'])('runs tasks: %s', async mode => {
		await call('create_queue', mode, mode);
		const [spawned] = await call('spawn_task', mode, 'job', {n: 1}, {idempotency_key: 'k'});
		const [again] = await call('spawn_task', mode, 'job', {n: 2}, {idempotency_key: 'k'});
		expect(again).toEqual({...spawned, created: false});
		const {task_id: task, run_id: run} = spawned ?? {};
		expect(await call('claim_task', mode, 'w', 60, 5)).toMatchObject([{task_id: task, run_id: run, params: {n: 1}}]);
		await call('set_task_checkpoint_state', mode, task, 'step', {done: true}, run, 60);
		expect(await call('await_event', mode, task, run, 'wait', 'go', null)).toEqual([
			{should_suspend: true, payload: null},
		]);
		expect(await call('claim_task', mode, 'w', 60, 5)).toEqual([]);
		await call('emit_event', mode, 'go', [1]);
		expect(await call('claim_task', mode, 'w', 60, 5)).toMatchObject([{run_id: run, event_payload: [1]}]);
		await call('fail_run', mode, run, {name: 'Error'});
		const [retry] = await call('claim_task', mode, 'w', 60, 5);
		expect(retry).toMatchObject({attempt: 2});
		expect(await call('get_task_checkpoint_states', mode, task, retry?.['run_id'])).toMatchObject([
			{checkpoint_name: 'step', state: {done: true}},
			{checkpoint_name: 'wait', state: [1]},
		]);
		await call('complete_run', mode, retry?.['run_id'], 42);
		expect(await call('get_task_result', mode, task)).toMatchObject([{state: 'completed', result: 42}]);
		expect(await call('cleanup_tasks', mode, 0)).toEqual([{cleanup_tasks: 1}]);
		await call('drop_queue', mode);
	});

	it('keeps leases, policies, time-outs, retries and weeks', async () => {
		const clock = (seconds: number) =>
			database.query(`select set_config('absurd.fake_now', to_timestamp($1)::text, false)`, [1_772_625_600 + seconds]);
		const state = async (task: unknown) => (await call('get_task_result', 'q', task))[0]?.['state'];
		await clock(0);
		await call('create_queue', 'q', 'partitioned');
		const spawn = async (options: object) => (await call('spawn_task', 'q', 'job', {}, options))[0] ?? {};
		const late = await spawn({cancellation: {max_delay: 5}});
		await clock(5);
		expect(await call('claim_task', 'q', 'w', 10, 5)).toEqual([]);
		expect(await state(late['task_id'])).toBe('cancelled');

		const leased = await spawn({max_attempts: 2, retry_strategy: {kind: 'exponential', base_seconds: 3}});
		await call('claim_task', 'q', 'w', 10, 1);
		await clock(15);
		expect(await call('claim_task', 'q', 'w', 10, 1)).toEqual([]);
		await clock(18);
		const [again] = await call('claim_task', 'q', 'w', 10, 1);
		expect(again).toMatchObject({task_id: leased['task_id'], attempt: 2});
		expect(await call('await_event', 'q', leased['task_id'], again?.['run_id'], 's', 'never', 2)).toMatchObject([
			{should_suspend: true},
		]);
		await clock(20);
		expect(await call('claim_task', 'q', 'w', 10, 1)).toMatchObject([{wake_event: 'never', event_payload: null}]);
		await call('fail_run', 'q', again?.['run_id'], {name: 'E'});
		expect(await state(leased['task_id'])).toBe('failed');
		expect(await call('retry_task', 'q', leased['task_id'])).toMatchObject([{attempt: 3, created: false}]);
		await call('cancel_task', 'q', leased['task_id']);
		expect(await state(leased['task_id'])).toBe('cancelled');

		await call('set_queue_policy', 'q', {detach_mode: 'empty', detach_min_age: 0, cleanup_ttl: 0});
		await clock(60);
		expect(await call('cleanup_all_queues', 'q')).toEqual([{queue_name: 'q', tasks_deleted: 2, events_deleted: 1}]);
		await clock(9 * 86_400);
		await call('ensure_partitions');
		const [oldest] = await call('list_detach_candidates', 'q');
		expect(oldest).toMatchObject({parent_table: 't_q', partition_table: 't_q_610'});
		await database.exec('alter table absurd.t_q detach partition absurd.t_q_610');
		expect(await call('drop_detached_partition', 't_q_610')).toEqual([{drop_detached_partition: true}]);
		await expect(call('enable_cron')).rejects.toThrow('pg_cron is not available (missing cron.job)');
		await call('drop_queue', 'q');
	});
});
