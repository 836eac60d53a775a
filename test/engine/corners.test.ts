import {expect, it} from 'vitest';
import {at, describeEngine, NOBODY, quoted, refuses, useEngine} from './support.ts';

/** Corners of the contract that no everyday test comes to. */
describeEngine('corners: runs', () => {
	const engine = useEngine();

	it('gives a given time precedence over a strategy that is not valid', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue);
		await engine.claim(queue);
		await engine.sql(`update absurd."t_${queue}" set retry_strategy = '{"kind":"never"}'`);
		await engine.call('fail_run', queue, run, '{}', at(50));
		expect(await engine.row('t', queue, task)).toMatchObject({state: 'sleeping', attempts: 2});
	});

	it('fails, and does not cancel, on such a strategy after max_duration', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue, {cancellation: {max_duration: 5}});
		await engine.claim(queue);
		await engine.sql(`update absurd."t_${queue}" set retry_strategy = 'null'`);
		await engine.clock(60);
		await engine.call('fail_run', queue, run, '{"name":"E"}');
		expect(await engine.row('t', queue, task)).toMatchObject({
			state: 'failed',
			attempts: 1,
			last_attempt_run: run,
			cancelled_at: null,
		});
	});

	it('answers no failure for a task that a failure has cancelled', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue, {cancellation: {max_duration: 5}});
		await engine.claim(queue);
		await engine.sql(`update absurd."t_${queue}" set cancelled_at = $1`, at(1));
		await engine.clock(60);
		await engine.call('fail_run', queue, run, '{"name":"E"}');
		expect(await engine.row('t', queue, task)).toMatchObject({last_attempt_run: run, cancelled_at: at(1)});
		expect(await engine.call('get_task_result', queue, task)).toEqual([
			{task_id: task, state: 'cancelled', result: null, failure_reason: null},
		]);
	});

	it('passes on that there is no such instant', async () => {
		const queue = await engine.queue();
		const {run} = await engine.spawn(queue, {retry_strategy: {kind: 'fixed', base_seconds: 86_400}});
		await engine.claim(queue);
		await engine.sql("set absurd.fake_now = '294276-12-31 23:00:00+00'");
		await refuses(engine.call('fail_run', queue, run, '{}'), '22008', 'timestamp out of range');
		expect(await engine.row('r', queue, run)).toMatchObject({state: 'running'});
	});

	it('counts a max_duration that is no whole number as its whole part, in a claim and in a failure', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const claimed = await engine.spawn(queue, {cancellation: {max_duration: 10.9}});
		const failing = await engine.spawn(queue, {cancellation: {max_duration: 10.9}});
		await engine.call('claim_task', queue, 'w', 600, 2);
		await engine.clock(9.9);
		expect(await engine.call('claim_task', queue, 'w')).toEqual([]);
		expect(await engine.row('t', queue, claimed.task)).toMatchObject({state: 'running'});
		await engine.clock(10);
		await engine.call('fail_run', queue, failing.run, '{}');
		await engine.call('claim_task', queue, 'w');
		expect(await engine.states('t', queue, [claimed.task, failing.task])).toEqual(['cancelled', 'cancelled']);
	});

	it('deletes of the waits of a claimed run only those that have timed out', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue);
		const wait = `insert into absurd."w_${queue}" values ($1, $2, $3, 'e', $4)`;
		for (const [step, timeout] of [
			['past', at(-1)],
			['now', at(0)],
			['later', at(1)],
			['never', null],
		]) {
			await engine.sql(wait, task, run, step, timeout);
		}
		await engine.sql(wait, task, NOBODY, 'of another run', at(-1));
		await engine.claim(queue);
		const left = (await engine.rows('w', queue)).map(row => row['step_name']).toSorted();
		expect(left).toEqual(['later', 'never', 'of another run']);
		await engine.call('schedule_run', queue, run, at(5));
		expect(await engine.rows('w', queue)).toHaveLength(3);
	});

	it('tells when a lease ended in the time zone of the session', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {run} = await engine.spawn(queue, {max_attempts: 1});
		await engine.call('claim_task', queue, null, 10);
		await engine.clock(60);
		await engine.sql("set timezone = 'Asia/Kolkata'");
		await engine.call('claim_task', queue, 'w');
		await engine.sql('reset timezone');
		expect((await engine.row('r', queue, run))['failure_reason']).toMatchObject({
			workerId: 'worker',
			claimExpiredAt: '2026-03-04T17:30:10+05:30',
		});
	});

	it('lets the limit of a task count from its first start, also after a retry by hand', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const {task, run} = await engine.spawn(queue, {max_attempts: 1, cancellation: {max_duration: 100}});
		await engine.claim(queue);
		await engine.call('fail_run', queue, run, '{}');
		await engine.clock(500);
		await engine.call('retry_task', queue, task);
		expect(await engine.call('claim_task', queue, 'w')).toEqual([]);
		expect(await engine.row('t', queue, task)).toMatchObject({state: 'cancelled', attempts: 2});
	});

	it('lets go of a payload that is left over before it waits again', async () => {
		const queue = await engine.queue();
		await engine.spawn(queue);
		const {task, run} = await engine.claim(queue);
		await engine.sql(`update absurd."r_${queue}" set wake_event = 'e', event_payload = '7'`);
		expect(await engine.call('await_event', queue, task, run, 's', 'e', null)).toEqual([
			{should_suspend: true, payload: null},
		]);
		expect(await engine.row('r', queue, run)).toMatchObject({state: 'sleeping', wake_event: 'e', event_payload: null});
	});
});

describeEngine('corners: queues and partitions', () => {
	const engine = useEngine();
	const tables = async (like: string) =>
		(
			await engine.sql(
				`select relname from pg_class where relnamespace = 'absurd'::regnamespace and relkind in ('r', 'p') and relname like $1
				order by 1`,
				like,
			)
		).map(row => row['relname']);

	it('keeps the storage mode of a plain queue too', async () => {
		const queue = await engine.queue();
		await refuses(
			engine.call('create_queue', queue, 'partitioned'),
			'P0001',
			`Queue "${queue}" already exists with storage mode "unpartitioned"`,
		);
	});

	it('has neither triggers nor foreign keys: tables may be written by hand', async () => {
		const queue = await engine.queue('partitioned');
		const [found] = await engine.sql(`select
			(select count(*) from pg_trigger g join pg_class c on c.oid = g.tgrelid where c.relnamespace = 'absurd'::regnamespace)::int as triggers,
			(select count(*) from pg_constraint where connamespace = 'absurd'::regnamespace and contype = 'f')::int as keys,
			(select count(*) from pg_rewrite w join pg_class c on c.oid = w.ev_class where c.relnamespace = 'absurd'::regnamespace)::int as rules`);
		expect(found).toEqual({triggers: 0, keys: 0, rules: 0});
		await engine.spawn(queue, {idempotency_key: 'k'});
		await engine.sql(
			`truncate absurd."t_${queue}", absurd."r_${queue}", absurd."c_${queue}", absurd."e_${queue}", absurd."w_${queue}"`,
		);
		const {task} = await engine.spawn(queue);
		expect((await engine.claim(queue)).task).toBe(task);
	});

	it('takes a queue that is called like the default partition of another for granted', async () => {
		await engine.queue('partitioned', 'jobs');
		await engine.call('create_queue', 'jobs_d');
		await refuses(engine.spawn('jobs_d'), '23514', /partition constraint/);
		await engine.call('drop_queue', 'jobs_d');
		expect(await tables('t\\_jobs%')).not.toContain('t_jobs_d');
		await engine.spawn('jobs');
		await engine.call('drop_queue', 'jobs');
	});

	it('drops views on a queue with it, and leaves its detached weeks', async () => {
		await engine.clock(0);
		await engine.queue('partitioned', 'viewed');
		await engine.sql('create view absurd.all_tasks as select task_id from absurd.t_viewed');
		await engine.sql('alter table absurd.t_viewed detach partition absurd.t_viewed_610');
		await engine.call('drop_queue', 'viewed');
		expect(await tables('%viewed%')).toEqual(['t_viewed_610']);
		expect(await engine.sql("select to_regclass('absurd.all_tasks') as view")).toEqual([{view: null}]);
	});

	it('drops a detached week whatever is in it', async () => {
		const row = '(task_id, task_name, params, state)';
		await engine.clock(0);
		await engine.queue('partitioned', 'full');
		await engine.sql(
			`insert into absurd.t_full ${row} values (absurd.uuidv7_floor('2026-03-04 00:00+00'), 'job', '{}', 'failed')`,
		);
		await engine.sql('alter table absurd.t_full detach partition absurd.t_full_610');
		expect(await engine.value('drop_detached_partition', 't_full_610')).toBe(true);
		expect(await tables('t\\_full\\_610')).toEqual([]);
		await engine.sql('drop table absurd.c_full');
		await engine.call('set_queue_policy', 'full', {detach_mode: 'empty', detach_min_age: 0});
		await engine.clock(8 * 86_400);
		const parents = (await engine.call('list_detach_candidates', 'full')).map(each => each['parent_table']);
		expect(parents).toEqual(['r_full', 'w_full']);
		await engine.call('drop_queue', 'full');
	});

	it('makes nothing for any queue where rows lie in the way of a week', async () => {
		await engine.clock(0);
		await engine.queue('partitioned', 'clean');
		await engine.queue('partitioned', 'poisoned');
		const before = await tables('%\\_clean\\_%');
		const id = "absurd.uuidv7_floor('2026-04-08 00:00+00')";
		await engine.sql(
			`insert into absurd.t_poisoned (task_id, task_name, params, state) values (${id}, 'job', '{}', 'failed')`,
		);
		await engine.clock(7 * 86_400);
		await refuses(
			engine.call('ensure_partitions'),
			'23514',
			'updated partition constraint for default partition "t_poisoned_d" would be violated by some row',
		);
		expect(await tables('%\\_clean\\_%')).toEqual(before);
		await engine.call('ensure_partitions', 'clean');
		expect(await tables('%\\_clean\\_%')).toHaveLength(before.length + 4);
		for (const queue of ['clean', 'poisoned']) await engine.call('drop_queue', queue);
	});

	it('passes over a week whose name is taken', async () => {
		await engine.clock(0);
		await engine.call('create_queue', 'taken', 'partitioned');
		await engine.sql('alter table absurd.t_taken detach partition absurd.t_taken_611');
		await engine.call('ensure_partitions');
		const [attached] = await engine.sql(
			"select count(*)::int as n from pg_inherits where inhrelid = 'absurd.t_taken_611'::regclass",
		);
		expect(attached).toEqual({n: 0});
		await engine.call('drop_queue', 'taken');
	});

	it('cleans up by months of 30 days and years of 365.25', async () => {
		const queue = await engine.queue();
		for (const [ttl, days] of [
			['2 months', 60],
			['4 years', 1461],
		] as const) {
			await engine.call('set_queue_policy', queue, {cleanup_ttl: ttl});
			for (const [seconds, deleted] of [
				[0, 0],
				[0.001, 1],
			] as const) {
				await engine.clock(0);
				if (seconds === 0) await engine.call('emit_event', queue, ttl);
				await engine.clock(days * 86_400 + seconds);
				expect(await engine.call('cleanup_all_queues', queue)).toEqual([
					{queue_name: queue, tasks_deleted: 0, events_deleted: deleted},
				]);
			}
		}
	});

	it('works on names of an earlier release beside pg_cron', async () => {
		const name = 'z'.repeat(60);
		await engine.client.query(`begin;
			create schema cron;
			create table cron.job (jobid bigint, jobname text, schedule text, command text);
			create function cron.unschedule(bigint) returns boolean language sql as 'select true'`);
		await engine.sql('insert into absurd.queues (queue_name) values ($1)', name);
		await engine.sql(`create table absurd.${quoted(`t_${name}`)} (a int)`);
		await engine.call('drop_queue', name);
		expect(await engine.call('get_queue_policy', name)).toEqual([]);
		expect(await engine.call('disable_cron', 'nowhere')).toEqual([]);
		await engine.sql('rollback');
	});
});
