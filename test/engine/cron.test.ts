import {createHash} from 'node:crypto';
import {expect, it} from 'vitest';
import {describeEngine, refuses, useEngine} from './support.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const WEEK = 7 * 86_400;

/** As little of pg_cron as the engine may know. */
const CRON = `
	create schema cron;
	create table cron.job (jobid bigint generated always as identity primary key, jobname text, schedule text, command text);
	create function cron.schedule(text, text, text) returns bigint language sql as
		$$ insert into cron.job (jobname, schedule, command) values ($1, $2, $3) returning jobid $$;
	create function cron.unschedule(bigint) returns boolean language sql as
		$$ delete from cron.job where jobid = $1 returning true $$;`;

describeEngine('jobs of pg_cron', () => {
	const engine = useEngine();
	const jobs = () => engine.sql('select jobname, schedule, command from cron.job order by jobid');
	const names = async () => (await jobs()).map(job => job['jobname']);

	it('says what is missing where there is no pg_cron', async () => {
		const queue = await engine.queue();
		const missing = (what: string) => `pg_cron is not available (missing cron.${what})`;
		for (const call of ['enable_cron', 'disable_cron', 'schedule_detach_jobs']) {
			await refuses(engine.call(call, queue), 'P0001', missing('job'));
		}
		await engine.sql('create schema cron');
		await engine.sql('create table cron.job (jobid bigint, jobname text, schedule text, command text)');
		await refuses(engine.call('enable_cron', queue), 'P0001', missing('schedule'));
		await refuses(engine.call('schedule_detach_jobs', 'nowhere'), 'P0001', missing('schedule'));
		await refuses(engine.call('disable_cron', queue), 'P0001', missing('unschedule'));
		await engine.sql(
			"create function cron.schedule(text, text, text) returns bigint language sql as 'select 1::bigint'",
		);
		await refuses(engine.call('enable_cron', queue), 'P0001', missing('unschedule'));
		await refuses(engine.call('schedule_detach_jobs', 'nowhere'), 'P0001', missing('unschedule'));
		await engine.call('drop_queue', queue);
		await engine.sql('drop schema cron cascade');
		await engine.client.query(CRON);
	});

	it('schedules three jobs for all queues or for one, side by side', async () => {
		const queue = await engine.queue('unpartitioned', "o'brien");
		const suffix = md5(queue).slice(0, 12);
		const all = await engine.call('enable_cron');
		expect(all.map(row => row['job_name'])).toEqual([
			'absurd_partitions_all',
			'absurd_cleanup_all',
			'absurd_detach_plan_all',
		]);
		await engine.call('enable_cron', queue, '1 * * * *');
		expect(await jobs()).toEqual([
			{
				jobname: 'absurd_partitions_all',
				schedule: '5 * * * *',
				command: 'select absurd.ensure_partitions(null::text);',
			},
			{
				jobname: 'absurd_cleanup_all',
				schedule: '17 * * * *',
				command: 'select * from absurd.cleanup_all_queues(null::text);',
			},
			{
				jobname: 'absurd_detach_plan_all',
				schedule: '29 * * * *',
				command: 'select * from absurd.schedule_detach_jobs(null::text);',
			},
			{
				jobname: `absurd_partitions_${suffix}`,
				schedule: '1 * * * *',
				command: "select absurd.ensure_partitions('o''brien');",
			},
			{
				jobname: `absurd_cleanup_${suffix}`,
				schedule: '17 * * * *',
				command: "select * from absurd.cleanup_all_queues('o''brien');",
			},
			{
				jobname: `absurd_detach_plan_${suffix}`,
				schedule: '29 * * * *',
				command: "select * from absurd.schedule_detach_jobs('o''brien');",
			},
		]);
		for (const job of await jobs()) await engine.sql(String(job['command']));
		await engine.call('enable_cron');
		expect(await names()).toHaveLength(6);
		expect((await engine.call('disable_cron', queue)).map(row => row['job_name'])).toEqual([
			`absurd_cleanup_${suffix}`,
			`absurd_detach_plan_${suffix}`,
			`absurd_partitions_${suffix}`,
		]);
		expect(await engine.call('disable_cron', queue)).toEqual([]);
		await engine.call('enable_cron', queue);
		await engine.call('drop_queue', queue);
		expect(await names()).toHaveLength(3);
		expect(await engine.call('disable_cron')).toHaveLength(3);
	});

	it('refuses in order: name, queue, schedules', async () => {
		await refuses(engine.call('enable_cron', '', ''), 'P0001', 'Queue name must be provided');
		await refuses(engine.call('enable_cron', 'nowhere', ''), 'P0001', 'Queue "nowhere" does not exist');
		await refuses(engine.call('enable_cron', null, ' ', ''), 'P0001', 'Partition schedule must be provided');
		await refuses(engine.call('enable_cron', null, '*', null), 'P0001', 'Cleanup schedule must be provided');
		await refuses(engine.call('enable_cron', null, '*', '*', ''), 'P0001', 'Detach schedule must be provided');
		await refuses(engine.call('disable_cron', ''), 'P0001', 'Queue name must be provided');
		await refuses(engine.call('schedule_detach_jobs', ''), 'P0001', 'Queue name must be provided');
		await refuses(engine.call('schedule_detach_jobs', 'nowhere'), 'P0001', 'Queue "nowhere" does not exist');
	});

	it('plans to detach and drop the oldest empty week of each table, once', async () => {
		await engine.clock(0);
		const queue = await engine.queue('partitioned', 'Old Jobs');
		await engine.call('set_queue_policy', queue, {detach_mode: 'empty', detach_min_age: 0});
		await engine.sql(
			`insert into absurd."r_${queue}" (run_id, task_id, attempt, state, available_at)
			select id, id, 1, 'failed', now() from unnest(array[absurd.uuidv7_floor('2026-03-04 00:00+00'), absurd.uuidv7_floor('2026-03-11 00:00+00')]) id`,
		);
		await engine.clock(2 * WEEK);
		await engine.call('set_queue_policy', queue, {default_partition: 'disabled'});
		const suffix = md5(queue).slice(0, 12);
		const key = (parent: string, part: string) => `${md5(parent).slice(0, 8)}_${md5(`${parent}:${part}`).slice(0, 12)}`;
		const expected = ['c', 't', 'w'].flatMap(prefix => {
			const [parent, part] = [`${prefix}_${queue}`, `${prefix}_${queue}_610`];
			const drop = `absurd_drop_run_${suffix}_${key(parent, part)}`;
			return [
				[
					`absurd_detach_run_${suffix}_${key(parent, part)}`,
					`alter table absurd."${parent}" detach partition absurd."${part}" concurrently`,
					'detach',
					part,
				],
				[drop, `select absurd.drop_detached_partition('${part}', '${drop}');`, 'drop', part],
			];
		});
		const planned = await engine.call('schedule_detach_jobs', queue);
		expect(planned.map(row => [row['job_name'], row['job_kind'], row['partition_table'], row['queue_name']])).toEqual(
			expected.map(([name, , kind, part]) => [name, kind, part, queue]),
		);
		expect(await jobs()).toEqual(expected.map(([jobname, command]) => ({jobname, schedule: '* * * * *', command})));
		expect(await engine.call('schedule_detach_jobs')).toEqual([]);

		// What pg_cron would do every minute: first the drop is early, then it ends both jobs.
		const [detach, drop] = (await jobs()).slice(2, 4).map(job => String(job['command']));
		const dropped = async () => Object.values((await engine.sql(drop ?? ''))[0] ?? {})[0];
		expect(await dropped()).toBe(false);
		expect(await names()).toHaveLength(6);
		await engine.sql(detach ?? '');
		expect(await dropped()).toBe(true);
		expect(await names()).toHaveLength(4);
		const next = await engine.call('schedule_detach_jobs');
		expect(next.map(row => row['partition_table'])).toEqual([`t_${queue}_611`, `t_${queue}_611`]);
		expect(String(next[0]?.['job_name'])).toMatch(/^absurd_detach_run_all_/);
		await engine.call('drop_queue', queue);
		expect(await names()).toEqual(next.map(row => row['job_name']));
		await engine.call('drop_detached_partition', `t_${queue}_611`, next[1]?.['job_name']);
		expect(await names()).toEqual([]);
	});

	it('detaches without concurrency next to a default partition', async () => {
		await engine.clock(0);
		const queue = await engine.queue('partitioned', 'plain');
		await engine.call('set_queue_policy', queue, {detach_mode: 'empty', detach_min_age: 0});
		await engine.clock(WEEK);
		await engine.call('schedule_detach_jobs', queue);
		expect((await jobs())[0]?.['command']).toBe('alter table absurd.c_plain detach partition absurd.c_plain_610');
		for (const job of await jobs()) await engine.sql(String(job['command']));
		expect(await names()).toEqual([]);
	});
});
