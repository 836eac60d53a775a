import {expect, it} from 'vitest';
import {describeEngine, refuses, useEngine} from './support.ts';

describeEngine('cleanup', () => {
	const engine = useEngine();

	/** Spawns a task at a second and brings it to an end there. */
	async function ended(queue: string, second: number, how: 'completed' | 'failed' | 'cancelled'): Promise<string> {
		await engine.clock(second);
		const {task, run} = await engine.spawn(queue, {max_attempts: 1, idempotency_key: `${second} ${how}`});
		await engine.claim(queue);
		await engine.call('set_task_checkpoint_state', queue, task, 's', '1', run);
		await engine.sql(`insert into absurd."w_${queue}" values ($1, gen_random_uuid(), 's', 'e')`, task);
		if (how === 'completed') await engine.call('complete_run', queue, run, '1');
		else if (how === 'failed') await engine.call('fail_run', queue, run, '{}');
		else await engine.call('cancel_task', queue, task);
		return task;
	}

	it.each(['unpartitioned', 'partitioned'] as const)('deletes what ended before, with all of it: %s', async mode => {
		const queue = await engine.queue(mode);
		const old = [
			await ended(queue, 1, 'completed'),
			await ended(queue, 2, 'failed'),
			await ended(queue, 3, 'cancelled'),
		];
		const kept = await ended(queue, 10, 'completed');
		const {task} = await engine.spawn(queue);
		await engine.call('emit_event', queue, 'e');
		await engine.clock(20);
		expect(await engine.value('cleanup_tasks', queue, 10)).toBe(3);
		for (const kind of ['t', 'r', 'c', 'w', ...(mode === 'partitioned' ? ['i'] : [])] as const) {
			const ids = (await engine.rows(kind as 't', queue)).map(row => row['task_id']);
			expect(ids).toContain(kept);
			for (const gone of old) expect(ids).not.toContain(gone);
		}
		expect(await engine.rows('e', queue)).toHaveLength(1);
		expect(await engine.value('cleanup_tasks', queue, 0)).toBe(1);
		expect((await engine.rows('t', queue)).map(row => row['task_id'])).toEqual([task]);
	});

	it('takes the oldest first, up to the limit', async () => {
		const queue = await engine.queue();
		const tasks: string[] = [];
		for (const [second, how] of [
			[5, 'cancelled'],
			[3, 'completed'],
			[4, 'failed'],
			[6, 'completed'],
		] as const) {
			tasks.push(await ended(queue, second, how));
		}
		await engine.clock(60);
		const left = async () => new Set((await engine.rows('t', queue)).map(row => tasks.indexOf(String(row['task_id']))));
		expect(await engine.value('cleanup_tasks', queue, 0, 0)).toBe(0);
		expect(await engine.value('cleanup_tasks', queue, 0, 2)).toBe(2);
		expect(await left()).toEqual(new Set([0, 3]));
		expect(await engine.value('cleanup_tasks', queue, 0, null)).toBe(2);
		await refuses(engine.call('cleanup_tasks', queue, 0, -1), '2201W', /LIMIT/);
	});

	it('keeps a task whose end is not known', async () => {
		const queue = await engine.queue();
		await ended(queue, 0, 'completed');
		await ended(queue, 0, 'failed');
		await engine.sql(`update absurd."r_${queue}" set completed_at = null`);
		await engine.sql(`delete from absurd."r_${queue}" where state = 'failed'`);
		await engine.clock(60);
		expect(await engine.value('cleanup_tasks', queue, 0)).toBe(0);
	});

	it('deletes events by age, sentinels first', async () => {
		const queue = await engine.queue();
		for (const second of [3, 1, 2]) {
			await engine.clock(second);
			await engine.call('emit_event', queue, `e${second}`);
		}
		await engine.sql(`insert into absurd."e_${queue}" values ('awaited', null, 'epoch')`);
		await engine.clock(4);
		const names = async () => (await engine.rows('e', queue)).map(row => row['event_name']);
		expect(await engine.value('cleanup_events', queue, 1, 2)).toBe(2);
		expect(await names()).toEqual(['e2', 'e3']);
		expect(await engine.value('cleanup_events', queue, 1)).toBe(1);
		expect(await names()).toEqual(['e3']);
		expect(await engine.value('cleanup_events', queue, 1)).toBe(0);
		expect(await engine.value('cleanup_events', queue, 0, null)).toBe(1);
		await engine.call('emit_event', queue, 'e');
		await engine.clock(5);
		await refuses(engine.call('cleanup_events', queue, 0, -1), '2201W', /LIMIT/);
	});

	it('refuses odd ages', async () => {
		for (const ttl of [null, -1]) {
			for (const call of ['cleanup_tasks', 'cleanup_events']) {
				await refuses(engine.call(call, 'nowhere', ttl), 'P0001', 'TTL must be a non-negative number of seconds');
			}
		}
	});

	it('goes by the policy of each queue', async () => {
		for (const queue of (await engine.call('list_queues')).map(row => row['queue_name'])) {
			await engine.call('drop_queue', queue);
		}
		const [a, b] = [await engine.queue('unpartitioned', 'a'), await engine.queue('partitioned', 'b')];
		for (const queue of [b, a]) for (const second of [0, 1, 2]) await ended(queue, second, 'completed');
		await engine.call('emit_event', a, 'e');
		await engine.call('set_queue_policy', a, {cleanup_ttl: '10.9 seconds', cleanup_limit: 2});
		await engine.clock(13);
		expect(await engine.call('cleanup_all_queues')).toEqual([
			{queue_name: 'a', tasks_deleted: 2, events_deleted: 1},
			{queue_name: 'b', tasks_deleted: 0, events_deleted: 0},
		]);
		expect(await engine.call('cleanup_all_queues', 'a')).toEqual([
			{queue_name: 'a', tasks_deleted: 1, events_deleted: 0},
		]);
		await refuses(engine.call('cleanup_all_queues', ''), 'P0001', 'Queue name must be provided');
		await refuses(engine.call('cleanup_all_queues', 'nowhere'), 'P0001', 'Queue "nowhere" does not exist');
		await engine.call('set_queue_policy', b, {cleanup_ttl: '70 years'});
		await refuses(engine.call('cleanup_all_queues'), '22003', /integer out of range/);
	});
});
