import {expect, it} from 'vitest';
import {describeEngine, quoted, refuses, useEngine} from './support.ts';

const WEEK = 7 * 86_400;

describeEngine('partitions', () => {
	const engine = useEngine();

	/** Partitions of a queue's table: name and bounds. */
	async function partitions(parent: string): Promise<[string, string][]> {
		const rows = await engine.sql(
			`select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
			from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass order by 1`,
			`absurd.${quoted(parent)}`,
		);
		return rows.map(row => [String(row['name']), String(row['bound'])]);
	}
	const floor = (day: string) => {
		const hex = Date.parse(day).toString(16).padStart(12, '0');
		return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
	};
	const range = (from: string, to: string) => `FOR VALUES FROM ('${floor(from)}') TO ('${floor(to)}')`;

	it('makes five weeks and a default, on bounds in UTC', async () => {
		await engine.clock(0);
		const queue = await engine.queue('partitioned');
		for (const prefix of ['t', 'r', 'c', 'w']) {
			const parent = `${prefix}_${queue}`;
			expect(await partitions(parent)).toEqual([
				[`${parent}_610`, range('2026-03-02', '2026-03-09')],
				[`${parent}_611`, range('2026-03-09', '2026-03-16')],
				[`${parent}_612`, range('2026-03-16', '2026-03-23')],
				[`${parent}_613`, range('2026-03-23', '2026-03-30')],
				[`${parent}_614`, range('2026-03-30', '2026-04-06')],
				[`${parent}_d`, 'DEFAULT'],
			]);
		}
	});

	it('makes six on a Monday, and adds what is missing later', async () => {
		await engine.clock(-2 * 86_400);
		const queue = await engine.queue('partitioned');
		expect(await partitions(`t_${queue}`)).toHaveLength(7);
		await engine.clock(WEEK);
		await engine.call('ensure_partitions', queue);
		expect((await partitions(`t_${queue}`)).map(([name]) => name.slice(-3))).toEqual(
			['609', '610', '611', '612', '613', '614', '615', `${queue.slice(-1)}_d`].map(tag => tag.slice(-3)),
		);
	});

	it('is right across a change to summer time, in whatever zone the sessions are', async () => {
		await engine.sql("set timezone = 'Europe/Berlin'");
		await engine.clock(0);
		const queue = await engine.queue('partitioned');
		await engine.sql("set timezone = 'UTC'");
		await engine.clock(4 * WEEK);
		await engine.call('ensure_partitions');
		const bounds = (await partitions(`t_${queue}`)).map(([, bound]) => bound).filter(bound => bound !== 'DEFAULT');
		expect(bounds).toHaveLength(9);
		const edges = bounds.map(bound => [...bound.matchAll(/'([^']+)'/g)].map(match => match[1]));
		for (const [index, [from]] of edges.entries()) if (index > 0) expect(from).toBe(edges[index - 1]?.[1]);
		await engine.sql('reset timezone');
	});

	it('refuses names of nothing, and does nothing to a plain queue', async () => {
		await refuses(engine.call('ensure_partitions', ''), 'P0001', 'Queue name must be provided');
		await refuses(engine.call('ensure_partitions', 'nowhere'), 'P0001', 'Queue "nowhere" does not exist');
		await engine.call('ensure_partitions', await engine.queue());
		await refuses(engine.call('list_detach_candidates', ''), 'P0001', 'Queue name must be provided');
		await refuses(engine.call('list_detach_candidates', 'nowhere'), 'P0001', 'Queue "nowhere" does not exist');
	});

	it('leaves no key behind where no partition takes the task', async () => {
		const queue = await engine.queue('partitioned');
		await engine.call('set_queue_policy', queue, {default_partition: 'disabled'});
		for (const [name] of await partitions(`t_${queue}`)) await engine.sql(`drop table absurd.${quoted(name)}`);
		await refuses(
			engine.spawn(queue, {idempotency_key: 'k'}),
			'23514',
			`no partition of relation "t_${queue}" found for row`,
		);
		expect(await engine.rows('i', queue)).toEqual([]);
	});

	it('lists empty old weeks, and drops them once detached', async () => {
		await engine.clock(0);
		const queue = await engine.queue('partitioned');
		const other = await engine.queue('partitioned');
		await engine.call('set_queue_policy', queue, {detach_mode: 'empty', detach_min_age: WEEK});
		await engine.sql(
			`insert into absurd."r_${queue}" (run_id, task_id, attempt, state, available_at) values ($1, $1, 1, 'failed', now())`,
			floor('2026-03-04'),
		);
		const list = async () => (await engine.call('list_detach_candidates', queue)).map(row => row['partition_table']);
		// Week 610 ends at second 388,800; a week later it is old enough, a millisecond after that.
		await engine.clock(388_800 + WEEK);
		expect(await list()).toEqual([]);
		await engine.clock(388_800 + WEEK + 0.001);
		expect(await engine.call('list_detach_candidates')).toEqual(
			['t', 'c', 'w'].map(prefix => ({
				queue_name: queue,
				parent_table: `${prefix}_${queue}`,
				partition_table: `${prefix}_${queue}_610`,
			})),
		);
		expect(await engine.call('list_detach_candidates', other)).toEqual([]);

		const part = `t_${queue}_610`;
		expect(await engine.value('drop_detached_partition', ` ${part} `)).toBe(false);
		await engine.sql(`alter table absurd.${quoted(`t_${queue}`)} detach partition absurd.${quoted(part)}`);
		expect(await list()).toEqual([`c_${queue}_610`, `w_${queue}_610`]);
		await engine.clock(0);
		await engine.call('ensure_partitions', queue);
		expect((await partitions(`t_${queue}`)).map(([name]) => name)).not.toContain(part);
		expect(await engine.value('drop_detached_partition', part)).toBe(true);
		expect(await engine.value('drop_detached_partition', part)).toBe(false);
		await engine.call('drop_queue', queue);
	});

	it('drops nothing but a detached week', async () => {
		const queue = await engine.queue('unpartitioned', 'plain_123');
		const split = await engine.queue('partitioned', 'split');
		await engine.sql('create view absurd.t_split_999 as select 1 as a');
		for (const name of [`t_${queue}`, `t_${split}`, `e_${split}`, 'queues', 'queues_pkey', 't_split_999']) {
			await refuses(
				engine.call('drop_detached_partition', name),
				'P0001',
				`Relation "${name}" is not a detached weekly partition`,
			);
		}
		for (const blank of [null, '', '  ']) {
			await refuses(engine.call('drop_detached_partition', blank), 'P0001', 'partition table must be provided');
		}
		expect(await engine.value('drop_detached_partition', 'nothing')).toBe(false);
	});

	it('runs a task through its life', async () => {
		const queue = await engine.queue('partitioned');
		const {task, run} = await engine.spawn(queue, {idempotency_key: 'k', cancellation: {max_duration: 3600}});
		await engine.claim(queue);
		await engine.call('await_event', queue, task, run, 's', 'go', null);
		await engine.call('emit_event', queue, 'go', '1');
		await engine.claim(queue);
		await engine.call('fail_run', queue, run, '{}');
		const retry = await engine.claim(queue);
		expect(await engine.call('get_task_checkpoint_states', queue, task, retry.run)).toHaveLength(1);
		await engine.call('complete_run', queue, retry.run, '2');
		expect(await engine.call('get_task_result', queue, task)).toMatchObject([{state: 'completed', result: 2}]);
		expect(await engine.sql(`select count(*)::int as n from only absurd.${quoted(`t_${queue}_d`)}`)).toEqual([{n: 0}]);
	});
});
