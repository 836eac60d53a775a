import {expect, it} from 'vitest';
import {describeEngine, refuses, type Session, untilBlocked, useEngine} from './support.ts';

describeEngine('locks', () => {
	const engine = useEngine();

	async function claimed(): Promise<{queue: string; task: string; run: string}> {
		const queue = await engine.queue();
		await engine.spawn(queue);
		const {task, run} = await engine.claim(queue);
		return {queue, task, run};
	}

	/** Lets `first` act and stay open, starts `second` until it waits, commits the first. */
	async function meet<T>(
		first: Session,
		act: () => Promise<unknown>,
		second: Session,
		then: () => Promise<T>,
	): Promise<T> {
		await first.sql('begin');
		await act();
		const answer = then();
		answer.catch(() => {});
		await untilBlocked(first, second.client);
		await first.sql('commit');
		return await answer;
	}

	it('makes a completion that waited for a cancel learn of it', async () => {
		const of = await claimed();
		const other = await engine.another();
		await refuses(
			meet(
				other,
				() => other.call('cancel_task', of.queue, of.task),
				engine,
				() => engine.call('complete_run', of.queue, of.run, '1'),
			),
			'AB001',
			'Task has been cancelled',
		);
	});

	it('makes a cancel that waited for a completion do nothing', async () => {
		const of = await claimed();
		const other = await engine.another();
		await meet(
			other,
			() => other.call('complete_run', of.queue, of.run, '1'),
			engine,
			() => engine.call('cancel_task', of.queue, of.task),
		);
		expect(await engine.row('t', of.queue, of.task)).toMatchObject({state: 'completed', cancelled_at: null});
	});

	it('makes a cancel that waited for a failure cancel the retry', async () => {
		const of = await claimed();
		const other = await engine.another();
		await meet(
			other,
			() => other.call('fail_run', of.queue, of.run, '{}'),
			engine,
			() => engine.call('cancel_task', of.queue, of.task),
		);
		expect((await engine.rows('r', of.queue)).map(row => row['state']).toSorted()).toEqual(['cancelled', 'failed']);
		expect(await engine.row('t', of.queue, of.task)).toMatchObject({state: 'cancelled'});
	});

	it('waits for the run before it touches the task', async () => {
		const of = await claimed();
		const [holder, third] = [await engine.another(), await engine.another()];
		await holder.sql('begin');
		await holder.sql(`select 1 from absurd."r_${of.queue}" for update`);
		const cancel = engine.call('cancel_task', of.queue, of.task);
		await untilBlocked(third, engine.client);
		await third.sql(`select 1 from absurd."t_${of.queue}" for update nowait`);
		await holder.sql('commit');
		await cancel;
		expect(await engine.row('t', of.queue, of.task)).toMatchObject({state: 'cancelled'});
	});

	it('lets one of two retries win', async () => {
		const of = await claimed();
		await engine.sql(`update absurd."t_${of.queue}" set max_attempts = 1`);
		await engine.call('fail_run', of.queue, of.run, '{}');
		const other = await engine.another();
		await refuses(
			meet(
				other,
				() => other.call('retry_task', of.queue, of.task),
				engine,
				() => engine.call('retry_task', of.queue, of.task),
			),
			'P0001',
			`Task "${of.task}" is not currently failed in queue "${of.queue}"`,
		);
	});

	it('does not wait to save a checkpoint unless it moves the lease', async () => {
		const of = await claimed();
		const other = await engine.another();
		await other.sql('begin');
		await other.call('cancel_task', of.queue, of.task);
		await engine.sql("set statement_timeout = '5s'");
		await engine.call('set_task_checkpoint_state', of.queue, of.task, 's', '1', of.run);
		await engine.sql("set statement_timeout = '200ms'");
		await refuses(
			engine.call('set_task_checkpoint_state', of.queue, of.task, 's', '1', of.run, 10),
			'57014',
			/statement timeout/,
		);
		await engine.sql('reset statement_timeout');
		await other.sql('rollback');
	});

	it('makes an emit wait for an await under way, and wakes it then', async () => {
		const of = await claimed();
		const [holder, waiter] = [await engine.another(), await engine.another()];
		await engine.call('emit_event', of.queue, 'unrelated');
		await engine.sql(`insert into absurd."w_${of.queue}" values ($1, $2, 'step', 'old')`, of.task, of.run);
		await holder.sql('begin');
		await holder.sql(`select 1 from absurd."w_${of.queue}" for update`);
		const wait = waiter.call('await_event', of.queue, of.task, of.run, 'step', 'order', null);
		await untilBlocked(holder, waiter.client);
		await engine.sql("set statement_timeout = '200ms'");
		await refuses(engine.call('emit_event', of.queue, 'order', '1'), '57014', /statement timeout/);
		await engine.sql('reset statement_timeout');
		await holder.sql('commit');
		expect(await wait).toEqual([{should_suspend: true, payload: null}]);
		await engine.call('emit_event', of.queue, 'order', '1');
		expect(await engine.row('r', of.queue, of.run)).toMatchObject({state: 'pending', event_payload: 1});
	});

	it('lets two runs await one known event side by side', async () => {
		const queue = await engine.queue();
		const other = await engine.another();
		await engine.spawn(queue);
		await engine.spawn(queue);
		const first = await engine.claim(queue);
		const second = await engine.claim(queue);
		await engine.sql(`insert into absurd."e_${queue}" values ('order', null, 'epoch')`);
		await other.sql('begin');
		await other.call('await_event', queue, first.task, first.run, 's', 'order', null);
		await engine.sql("set statement_timeout = '5s'");
		await engine.call('await_event', queue, second.task, second.run, 's', 'order', null);
		await engine.sql('reset statement_timeout');
		await other.sql('commit');
		expect(await engine.rows('w', queue)).toHaveLength(2);
	});

	it('leaves a timed-out wait that somebody holds without waiting for it', async () => {
		const of = await claimed();
		await engine.clock(0);
		await engine.call('await_event', of.queue, of.task, of.run, 's', 'order', 0);
		const other = await engine.another();
		await other.sql('begin');
		await other.sql(`select 1 from absurd."w_${of.queue}" for update`);
		await engine.sql("set statement_timeout = '5s'");
		await engine.call('emit_event', of.queue, 'order', '1');
		await engine.sql('reset statement_timeout');
		await other.sql('commit');
		expect(await engine.row('r', of.queue, of.run)).toMatchObject({state: 'sleeping'});
	});

	it('does not clean up a task that is being retried', async () => {
		const of = await claimed();
		await engine.sql(`update absurd."t_${of.queue}" set max_attempts = 1`);
		await engine.call('fail_run', of.queue, of.run, '{}');
		const other = await engine.another();
		await other.sql('begin');
		await other.call('retry_task', of.queue, of.task);
		expect(await engine.value('cleanup_tasks', of.queue, 0)).toBe(0);
		await other.sql('commit');
		expect(await engine.value('cleanup_tasks', of.queue, 0)).toBe(0);
		expect(await engine.rows('t', of.queue)).toHaveLength(1);
	});

	it.each(['unpartitioned', 'partitioned'] as const)(
		'makes a second spawn of a key wait for the first: %s',
		async mode => {
			const queue = await engine.queue(mode);
			const other = await engine.another();
			const spawn = (of: Session) => of.call('spawn_task', queue, 'job', '{}', {idempotency_key: 'k'});
			const [answer] = await meet(
				other,
				() => spawn(other),
				engine,
				() => spawn(engine),
			);
			expect(answer).toMatchObject({created: false});
			await engine.sql(`truncate absurd."t_${queue}", absurd."r_${queue}", absurd."c_${queue}", absurd."w_${queue}"`);
			if (mode === 'partitioned') await engine.sql(`truncate absurd."i_${queue}"`);
			await other.sql('begin');
			await spawn(other);
			const again = spawn(engine);
			await untilBlocked(other, engine.client);
			await other.sql('rollback');
			expect(await again).toMatchObject([{created: true}]);
			expect(await engine.rows('t', queue)).toHaveLength(1);
		},
	);

	it.each(['unpartitioned', 'partitioned'] as const)('lets two sessions create one queue: %s', async mode => {
		const other = await engine.another();
		const name = `twice ${mode}`;
		await meet(
			other,
			() => other.call('create_queue', name, mode),
			engine,
			() => engine.call('create_queue', name, mode),
		);
		expect(await engine.call('get_queue_policy', name)).toMatchObject([{storage_mode: mode}]);
	});
});
