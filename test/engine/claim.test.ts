import {expect, it} from 'vitest';
import {at, describeEngine, refuses, untilBlocked, useEngine} from './support.ts';

describeEngine('claim_task: due runs', () => {
	const engine = useEngine();

	it('takes the lease, starts the task and answers what a worker needs', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue, {
			headers: {h: 1},
			max_attempts: 4,
			retry_strategy: {kind: 'fixed', base_seconds: 1},
		});
		const before = {task: await engine.row('t', queue, task), run: await engine.row('r', queue, run)};
		await engine.clock(5);
		expect(await engine.call('claim_task', queue, 'w1', 60, 1)).toEqual([
			{
				run_id: run,
				task_id: task,
				attempt: 1,
				task_name: 'job',
				params: {n: 1},
				retry_strategy: {kind: 'fixed', base_seconds: 1},
				max_attempts: 4,
				headers: {h: 1},
				wake_event: null,
				event_payload: null,
			},
		]);
		expect(await engine.row('r', queue, run)).toEqual({
			...before.run,
			state: 'running',
			claimed_by: 'w1',
			claim_expires_at: at(65),
			available_at: at(5),
			started_at: at(5),
		});
		expect(await engine.row('t', queue, task)).toEqual({...before.task, state: 'running', first_started_at: at(5)});
		expect(await engine.call('claim_task', queue, 'w2', 60, 1)).toEqual([]);
	});

	it.each<[string, unknown[], {claimed_by: string; claim_expires_at: string | null}]>([
		['SQL defaults', ['w'], {claimed_by: 'w', claim_expires_at: at(30)}],
		['NULLs', [null, null, null], {claimed_by: 'worker', claim_expires_at: at(30)}],
		['no lease', ['', 0], {claimed_by: 'worker', claim_expires_at: null}],
		['no lease, quantity below one', [' ', -5, 0], {claimed_by: ' ', claim_expires_at: null}],
	])('understands its arguments: %s', async (_, rest, expected) => {
		const queue = await engine.queue();
		await engine.clock(0);
		await engine.spawn(queue);
		await engine.spawn(queue);
		expect(await engine.call('claim_task', queue, ...rest)).toHaveLength(1);
		const claimed = (await engine.rows('r', queue)).filter(row => row['state'] === 'running');
		expect(claimed).toMatchObject([{...expected}]);
	});

	it('hands out in order of (available_at, run_id), pending and sleeping alike', async () => {
		const queue = await engine.queue();
		const expected: string[] = [];
		for (const [second, state] of [
			[1, 'sleeping'],
			[2, 'pending'],
			[2, 'pending'],
			[3, 'sleeping'],
			[4, 'pending'],
		] as const) {
			await engine.clock(second);
			const {task, run} = await engine.spawn(queue);
			await engine.sql(`update absurd."r_${queue}" set state = $2 where run_id = $1`, run, state);
			await engine.sql(`update absurd."t_${queue}" set state = $2 where task_id = $1`, task, state);
			expected.push(run);
		}
		expected.splice(1, 2, ...expected.slice(1, 3).toSorted());
		await engine.clock(4);
		const first = await engine.call('claim_task', queue, 'w', 60, 4);
		const rest = await engine.call('claim_task', queue, 'w', 60, 4);
		expect([...first, ...rest].map(row => row['run_id'])).toEqual(expected);
	});

	it('leaves what is not due, of a finished task, or held by somebody', async () => {
		const queue = await engine.queue();
		await engine.clock(10);
		const future = await engine.spawn(queue);
		await engine.clock(0);
		const ended = await engine.spawn(queue);
		await engine.sql(`update absurd."t_${queue}" set state = 'failed' where task_id = $1`, ended.task);
		const runHeld = await engine.spawn(queue);
		const taskHeld = await engine.spawn(queue);
		const free = await engine.spawn(queue);
		const other = await engine.another();
		await other.sql('begin');
		await other.sql(`select 1 from absurd."r_${queue}" where run_id = $1 for update`, runHeld.run);
		await other.sql(`select 1 from absurd."t_${queue}" where task_id = $1 for update`, taskHeld.task);
		const claimed = await engine.call('claim_task', queue, 'w', 60, 10);
		expect(claimed.map(row => row['run_id'])).toEqual([free.run]);
		await other.sql('commit');
		const later = await engine.call('claim_task', queue, 'w', 60, 10);
		expect(new Set(later.map(row => row['run_id']))).toEqual(new Set([runHeld.run, taskHeld.run]));
		await engine.clock(10);
		expect(await engine.call('claim_task', queue, 'w', 60, 10)).toMatchObject([{run_id: future.run}]);
	});

	it('keeps the planner settings of the session', async () => {
		const queue = await engine.queue();
		await engine.spawn(queue);
		await engine.sql('begin');
		await engine.sql('set local enable_bitmapscan = off');
		await engine.claim(queue);
		const [settings] =
			await engine.sql(`select current_setting('enable_seqscan') as a, current_setting('enable_bitmapscan') as b,
			current_setting('enable_sort') as c`);
		expect(settings).toEqual({a: 'on', b: 'off', c: 'on'});
		await engine.sql('commit');
	});

	it('refuses a queue that is not there', async () => {
		await refuses(engine.call('claim_task', 'nowhere', 'w'), '42P01', 'relation "absurd.t_nowhere" does not exist');
	});
});

describeEngine('claim_task: leases', () => {
	const engine = useEngine();

	it('fails a run whose lease has run out and hands its retry to another worker', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue);
		await engine.claim(queue, 'worker-a', 10);
		await engine.clock(9.999);
		expect(await engine.call('claim_task', queue, 'worker-b', 10, 1)).toEqual([]);
		await engine.clock(10);
		const taken = await engine.claim(queue, 'worker-b', 10);
		expect(taken.row).toMatchObject({task_id: task, attempt: 2});
		expect(await engine.row('r', queue, run)).toMatchObject({
			state: 'failed',
			failed_at: at(10),
			claimed_by: 'worker-a',
			claim_expires_at: at(10),
			failure_reason: {
				name: '$ClaimTimeout',
				message: 'worker did not finish task within claim interval',
				workerId: 'worker-a',
				claimExpiredAt: at(10),
				attempt: 1,
			},
		});
		await refuses(
			engine.call('complete_run', queue, run, '1'),
			'AB002',
			`Run "${run}" has already failed in queue "${queue}"`,
		);
	});

	it('reaps at most the quantity, oldest lease first, and never a run without a lease', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const runs: string[] = [];
		for (const timeout of [30, 10, 20, 0]) {
			await engine.spawn(queue, {retry_strategy: {kind: 'fixed', base_seconds: 9000}});
			runs.push((await engine.claim(queue, 'w', timeout)).run);
		}
		await engine.clock(3600);
		await engine.call('claim_task', queue, 'w', 60, 2);
		expect(await engine.states('r', queue, runs)).toEqual(['running', 'failed', 'failed', 'running']);
	});

	it('skips an expired run that somebody holds', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const held = await engine.spawn(queue);
		await engine.claim(queue, 'w', 10);
		const other = await engine.another();
		await other.sql('begin');
		await other.sql(`select 1 from absurd."r_${queue}" where run_id = $1 for update`, held.run);
		await engine.clock(60);
		expect(await engine.call('claim_task', queue, 'w', 60, 1)).toEqual([]);
		await other.sql('rollback');
		expect(await engine.call('claim_task', queue, 'w', 60, 1)).toMatchObject([{attempt: 2}]);
	});
});

describeEngine('claim_task: cancellation policies', () => {
	const engine = useEngine();

	it('cancels what has not started in time, and only that', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const late = await engine.spawn(queue, {cancellation: {max_delay: 10}});
		const started = await engine.spawn(queue, {cancellation: {max_delay: '10'}});
		await engine.sql(
			`update absurd."t_${queue}" set first_started_at = enqueue_at, state = 'sleeping' where task_id = $1`,
			started.task,
		);
		await engine.clock(9.999);
		await engine.sql(`update absurd."r_${queue}" set available_at = 'infinity'`);
		await engine.call('claim_task', queue, 'w', 60, 1);
		expect(await engine.row('t', queue, late.task)).toMatchObject({state: 'pending'});
		await engine.clock(10);
		await engine.call('claim_task', queue, 'w', 60, 1);
		expect(await engine.row('t', queue, late.task)).toMatchObject({state: 'cancelled', cancelled_at: at(10)});
		expect(await engine.row('r', queue, late.run)).toMatchObject({state: 'cancelled', available_at: 'infinity'});
		expect(await engine.row('t', queue, started.task)).toMatchObject({state: 'sleeping'});
	});

	it('cancels all that have run too long, whatever their state, before it looks at leases', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const tasks: string[] = [];
		for (let index = 0; index < 12; index += 1) {
			await engine.spawn(queue, {cancellation: {max_duration: 20}});
			tasks.push((await engine.claim(queue, 'w', 5)).task);
		}
		const [awaiting = '', sleeping = ''] = tasks;
		const runOf = async (task: string) => String((await engine.row('t', queue, task))['last_attempt_run']);
		await engine.call('await_event', queue, awaiting, await runOf(awaiting), 's', 'never', null);
		await engine.call('schedule_run', queue, await runOf(sleeping), at(1000));
		await engine.clock(20);
		expect(await engine.call('claim_task', queue, 'w', 60, 1)).toEqual([]);
		const states = await engine.sql(`select t.state, r.state as run, r.failure_reason, count(*)::int as n
			from absurd."t_${queue}" t join absurd."r_${queue}" r using (task_id) group by 1, 2, 3`);
		expect(states).toEqual([{state: 'cancelled', run: 'cancelled', failure_reason: null, n: 12}]);
		expect(await engine.rows('w', queue)).toEqual([]);
	});

	it('strikes at once at zero, and takes odd values for their whole part or for none', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const odd: unknown[] = [1.9, '1', ' 1.2 ', 'abc', 1e30, {}, null, true];
		const tasks: string[] = [];
		for (const value of odd) tasks.push((await engine.spawn(queue, {cancellation: {max_delay: value}})).task);
		for (const policy of ['max_delay', [5], null]) tasks.push((await engine.spawn(queue, {cancellation: policy})).task);
		await engine.sql(`update absurd."r_${queue}" set available_at = 'infinity'`);
		const once = await engine.spawn(queue, {cancellation: {max_duration: 0}});
		expect((await engine.claim(queue)).task).toBe(once.task);
		const never = await engine.spawn(queue, {cancellation: {max_delay: -3}});
		await engine.clock(1);
		expect(await engine.call('claim_task', queue, 'w', 60, 1)).toEqual([]);
		const state = async (task: string) => (await engine.row('t', queue, task))['state'];
		expect(await state(once.task)).toBe('cancelled');
		expect(await state(never.task)).toBe('cancelled');
		expect(await engine.states('t', queue, tasks)).toEqual([
			...['cancelled', 'cancelled', 'cancelled'],
			...Array<string>(tasks.length - 3).fill('pending'),
		]);
	});

	it('leaves to a later claim what somebody holds, without waiting', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const first = await engine.spawn(queue, {cancellation: {max_delay: 1}});
		const second = await engine.spawn(queue, {cancellation: {max_delay: 1}});
		const third = await engine.spawn(queue, {cancellation: {max_delay: 1}});
		const other = await engine.another();
		await other.sql('begin');
		await other.sql(`select 1 from absurd."t_${queue}" where task_id = $1 for update`, first.task);
		await other.sql(`select 1 from absurd."r_${queue}" where run_id = $1 for update`, second.run);
		await engine.clock(5);
		await engine.sql("set statement_timeout = '5s'");
		await engine.call('claim_task', queue, 'w', 60, 1);
		expect(await engine.row('t', queue, first.task)).toMatchObject({state: 'pending'});
		expect(await engine.row('t', queue, second.task)).toMatchObject({state: 'pending'});
		expect(await engine.row('t', queue, third.task)).toMatchObject({state: 'cancelled'});
		await other.sql('rollback');
		await engine.call('claim_task', queue, 'w', 60, 1);
		await engine.sql('reset statement_timeout');
		expect((await engine.rows('t', queue)).map(row => row['state'])).toEqual(['cancelled', 'cancelled', 'cancelled']);
	});

	it('waits where an expired run is free but its task is held', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task} = await engine.spawn(queue);
		await engine.claim(queue, 'w', 10);
		const other = await engine.another();
		await other.sql('begin');
		await other.sql(`select 1 from absurd."t_${queue}" where task_id = $1 for update`, task);
		await engine.clock(60);
		const claim = engine.claim(queue);
		await untilBlocked(other, engine.client);
		await other.sql('commit');
		expect((await claim).row).toMatchObject({attempt: 2});
	});
});
