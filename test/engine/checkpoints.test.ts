import {expect, it} from 'vitest';
import {at, describeEngine, NOBODY, refuses, useEngine} from './support.ts';

describeEngine('checkpoints', () => {
	const engine = useEngine();

	/** A task whose first attempt has failed and whose second is running. */
	async function secondAttempt(): Promise<{queue: string; task: string; first: string; second: string}> {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue);
		await engine.claim(queue);
		await engine.call('fail_run', queue, run, '{}');
		return {queue, task, first: run, second: (await engine.claim(queue)).run};
	}

	it('saves the result of a step, and again by the same run', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue);
		await engine.call('set_task_checkpoint_state', queue, task, 'step', {a: 1}, run);
		const row = {task_id: task, checkpoint_name: 'step', status: 'committed', owner_run_id: run};
		expect(await engine.rows('c', queue)).toEqual([{...row, state: {a: 1}, updated_at: at(0)}]);
		await engine.clock(1);
		await engine.sql(`update absurd."c_${queue}" set status = 'pending'`);
		await engine.call('set_task_checkpoint_state', queue, task, 'step', null, run);
		expect(await engine.rows('c', queue)).toEqual([{...row, state: null, updated_at: at(1)}]);
		expect(await engine.call('get_task_checkpoint_state', queue, task, 'step')).toMatchObject([
			{checkpoint_name: 'step', state: null, status: 'committed', owner_run_id: run},
		]);
		for (const blank of [null, '', '  ']) {
			await refuses(
				engine.call('set_task_checkpoint_state', queue, task, blank, '1', NOBODY),
				'P0001',
				'step_name must be provided',
			);
		}
	});

	it('moves the end of a lease, also where the checkpoint is skipped', async () => {
		const {queue, task, first, second} = await secondAttempt();
		const set = (run: string, extend: number | null) =>
			engine.call('set_task_checkpoint_state', queue, task, 's', '1', run, extend);
		const lease = async (run: string) => (await engine.row('r', queue, run))['claim_expires_at'];
		for (const none of [null, 0, -5]) await set(second, none);
		expect(await lease(second)).toBe(at(60));
		await set(second, 10);
		expect(await lease(second)).toBe(at(10));
		await engine.sql(`update absurd."r_${queue}" set state = 'running' where run_id = $1`, first);
		await set(first, 500);
		expect(await lease(first)).toBe(at(500));
		expect(await engine.rows('c', queue)).toMatchObject([{owner_run_id: second}]);
		await engine.sql(`update absurd."r_${queue}" set claim_expires_at = null where run_id = $1`, second);
		await set(second, 10);
		expect(await lease(second)).toBe(null);
	});

	it('never lets an older attempt overwrite a newer one, but anybody else', async () => {
		const {queue, task, first, second} = await secondAttempt();
		await engine.sql(`update absurd."r_${queue}" set state = 'running' where run_id = $1`, first);
		const set = async (run: string, state: string) => {
			await engine.call('set_task_checkpoint_state', queue, task, 's', state, run);
			return (await engine.rows('c', queue))[0]?.['state'];
		};
		expect(await set(first, '1')).toBe(1);
		expect(await set(second, '2')).toBe(2);
		expect(await set(first, '3')).toBe(2);
		await engine.sql(`update absurd."c_${queue}" set owner_run_id = null`);
		expect(await set(first, '4')).toBe(4);
		await engine.sql(`update absurd."c_${queue}" set owner_run_id = $1`, NOBODY);
		expect(await set(first, '5')).toBe(5);
		const stranger = await engine.spawn(queue);
		expect(await set(stranger.run, '6')).toBe(6);
	});

	it('may be written by a run that waits, sleeps or has ended', async () => {
		const queue = await engine.queue();
		const {task, run} = await engine.spawn(queue);
		await engine.call('set_task_checkpoint_state', queue, task, 'pending', '1', run);
		await engine.claim(queue);
		await engine.call('schedule_run', queue, run, 'infinity');
		await engine.call('set_task_checkpoint_state', queue, task, 'sleeping', '1', run, 5);
		await engine.sql(`update absurd."r_${queue}" set available_at = now()`);
		await engine.claim(queue);
		await engine.call('complete_run', queue, run, '1');
		await engine.call('set_task_checkpoint_state', queue, task, 'completed', '1', run);
		expect(await engine.rows('c', queue)).toHaveLength(3);
	});

	it('answers one by name, committed ones only unless asked', async () => {
		const queue = await engine.queue();
		const {task, run} = await engine.spawn(queue);
		await engine.call('set_task_checkpoint_state', queue, task, 's', '1', run);
		await engine.sql(`update absurd."c_${queue}" set status = 'draft'`);
		const get = (...rest: unknown[]) => engine.call('get_task_checkpoint_state', queue, task, 's', ...rest);
		expect(await get()).toEqual([]);
		expect(await get(null)).toEqual([]);
		expect(await get(true)).toMatchObject([{status: 'draft', state: 1}]);
		expect(await engine.call('get_task_checkpoint_states', queue, task, run)).toEqual([]);
		expect(await engine.call('get_task_checkpoint_state', queue, NOBODY, 's')).toEqual([]);
	});

	it('answers a run those of its own and of earlier attempts, oldest first', async () => {
		const {queue, task, first, second} = await secondAttempt();
		const insert = (name: string, owner: string | null, second_: number) =>
			engine.sql(
				`insert into absurd."c_${queue}" values ($1, $2, '1', 'committed', $3, $4)`,
				task,
				name,
				owner,
				at(second_),
			);
		await insert('b', first, 2);
		await insert('a', second, 3);
		await insert('d', null, 1);
		await insert('c', NOBODY, 4);
		const names = async (run: string) =>
			(await engine.call('get_task_checkpoint_states', queue, task, run)).map(row => row['checkpoint_name']);
		expect(await names(first)).toEqual(['d', 'b', 'c']);
		expect(await names(second)).toEqual(['d', 'b', 'a', 'c']);
		expect(await engine.call('get_task_checkpoint_states', queue, null, second)).toEqual([]);
		await refuses(
			engine.call('get_task_checkpoint_states', queue, NOBODY, second),
			'P0001',
			`Run "${second}" does not belong to task "${NOBODY}" in queue "${queue}"`,
		);
		await refuses(
			engine.call('get_task_checkpoint_states', queue, task, NOBODY),
			'P0001',
			`Run "${NOBODY}" not found in queue "${queue}"`,
		);
	});
});
