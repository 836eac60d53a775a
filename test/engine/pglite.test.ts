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
});
