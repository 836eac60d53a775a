import {expect, it} from 'vitest';
import {describeEngine, quoted, refuses, useEngine} from './support.ts';

describeEngine('queues', () => {
	const engine = useEngine();
	const tables = async () =>
		(
			await engine.sql(
				"select relname from pg_class where relnamespace = 'absurd'::regnamespace and relkind in ('r', 'p') order by relname collate \"C\"",
			)
		).map(row => String(row['relname']));

	it.each(['a b.C"d\'e', '  ', 'ü'.repeat(28), 'x'.repeat(57)])('takes any name up to 57 bytes: %s', async name => {
		expect(await engine.value('validate_queue_name', name)).toBe(name);
		await engine.queue('unpartitioned', name);
		const {task} = await engine.spawn(name);
		expect((await engine.claim(name)).task).toBe(task);
		expect(await engine.call('list_queues')).toContainEqual({queue_name: name});
		await engine.call('drop_queue', name);
		expect((await tables()).filter(table => table.endsWith(name))).toEqual([]);
	});

	it('refuses no name and long names', async () => {
		for (const none of [null, '']) {
			for (const call of ['validate_queue_name', 'create_queue', 'ensure_queue_tables']) {
				await refuses(engine.call(call, none), 'P0001', 'Queue name must be provided');
			}
		}
		const long = `${'ü'.repeat(28)}xy`;
		for (const call of ['validate_queue_name', 'create_queue', 'ensure_queue_tables']) {
			await refuses(engine.call(call, long), 'P0001', `Queue name "${long}" is too long (max 57 bytes).`);
		}
		await refuses(engine.call('create_queue', '', 'odd'), 'P0001', 'Queue name must be provided');
	});

	it('knows two storage modes and keeps the one a queue has', async () => {
		await engine.call('create_queue', 'mode', '  PARTITIONED ');
		for (const [mode, shown] of [
			[null, '<NULL>'],
			['', ''],
			[' Both ', ' Both '],
		]) {
			await refuses(engine.call('create_queue', 'mode', mode), 'P0001', `Unsupported queue storage mode "${shown}"`);
		}
		await refuses(
			engine.call('create_queue', 'mode'),
			'P0001',
			'Queue "mode" already exists with storage mode "partitioned"',
		);
		await engine.call('drop_queue', 'mode');
	});

	it('completes a queue that lost something, and changes nothing else', async () => {
		const queue = await engine.queue();
		await engine.call('set_queue_policy', queue, {cleanup_limit: 7});
		const [before] = await engine.sql('select * from absurd.queues where queue_name = $1', queue);
		await engine.sql(`drop table absurd."w_${queue}"`);
		await engine.sql(`drop index absurd."r_${queue}_cei"`);
		await engine.call('create_queue', queue);
		expect((await engine.sql('select * from absurd.queues where queue_name = $1', queue))[0]).toEqual(before);
		const [there] = await engine.sql(
			`select to_regclass($1) is not null as waits, to_regclass($2) is not null as index`,
			`absurd.${quoted(`w_${queue}`)}`,
			`absurd.${quoted(`r_${queue}_cei`)}`,
		);
		expect(there).toEqual({waits: true, index: true});
	});

	it('makes tables without a registration when asked for tables alone', async () => {
		await engine.call('ensure_queue_tables', 'loose');
		expect(await engine.call('get_queue_policy', 'loose')).toEqual([]);
		await engine.spawn('loose', {idempotency_key: 'k'});
		await engine.claim('loose');
		await engine.call('drop_queue', 'loose');
		expect(await tables()).toContain('t_loose');
		await engine.sql("insert into absurd.queues (queue_name) values ('loose')");
		await engine.call('drop_queue', 'loose');
		expect(await tables()).not.toContain('t_loose');
	});

	it('drops a queue of a name that is too long today, and is silent about none', async () => {
		const name = 'y'.repeat(60);
		await engine.sql('insert into absurd.queues (queue_name) values ($1)', name);
		await engine.sql(`create table absurd.${quoted(`t_${name}`)} (a int)`);
		await engine.call('drop_queue', name);
		expect(await tables()).not.toContain(`t_${name}`);
		for (const nothing of [null, '', 'nowhere']) await engine.call('drop_queue', nothing);
	});

	it('lists by name and answers no policy of what is not there', async () => {
		for (const name of ['b list', 'a list']) await engine.queue('unpartitioned', name);
		const names = (await engine.call('list_queues')).map(row => String(row['queue_name']));
		expect(names.filter(name => name.endsWith(' list'))).toEqual(['a list', 'b list']);
		for (const nothing of [null, '', 'nowhere']) expect(await engine.call('get_queue_policy', nothing)).toEqual([]);
	});
});

describeEngine('set_queue_policy', () => {
	const engine = useEngine();
	const policy = async (queue: string) =>
		(
			await engine.sql(
				`select partition_lookahead::text as ahead, partition_lookback::text as back, cleanup_ttl::text as ttl, cleanup_limit,
					detach_mode, detach_min_age::text as age, default_partition, storage_mode from absurd.get_queue_policy($1)`,
				queue,
			)
		)[0];

	it('changes the given keys: intervals as text or seconds, numbers as text, modes in any case', async () => {
		const queue = await engine.queue();
		await engine.call('set_queue_policy', queue, {
			partition_lookahead: '2 weeks',
			cleanup_ttl: 3600,
			cleanup_limit: '7',
			detach_mode: ' EMPTY ',
			detach_min_age: 1.5,
		});
		const expected = {
			ahead: '14 days',
			back: '1 day',
			ttl: '01:00:00',
			cleanup_limit: 7,
			detach_mode: 'empty',
			age: '00:00:01.5',
			default_partition: 'enabled',
			storage_mode: 'unpartitioned',
		};
		expect(await policy(queue)).toEqual(expected);
		for (const nothing of [null, {}]) await engine.call('set_queue_policy', queue, nothing);
		expect(await policy(queue)).toEqual(expected);
	});

	it.each<[unknown, string, string | RegExp]>([
		['[]', 'P0001', 'Queue policy must be a JSON object'],
		['null', 'P0001', 'Queue policy must be a JSON object'],
		['5', 'P0001', 'Queue policy must be a JSON object'],
		[{storage_mode: 'partitioned'}, 'P0001', 'Unsupported queue policy key "storage_mode"'],
		[{partition_lookahead: -1}, 'P0001', 'partition_lookahead must be non-negative'],
		[{partition_lookback: '-1 day'}, 'P0001', 'partition_lookback must be non-negative'],
		[{cleanup_ttl: -1, cleanup_limit: 0}, 'P0001', 'cleanup_ttl must be non-negative'],
		[{cleanup_limit: 0, detach_mode: 'x'}, 'P0001', 'cleanup_limit must be at least 1'],
		[{detach_mode: 'All', detach_min_age: -1}, 'P0001', 'Unsupported detach mode "all"'],
		[{detach_mode: null}, 'P0001', 'Unsupported detach mode ""'],
		[{detach_min_age: -1, default_partition: 'x'}, 'P0001', 'detach_min_age must be non-negative'],
		[{default_partition: 'x'}, 'P0001', 'Unsupported default_partition mode "x"'],
		[{default_partition: null}, 'P0001', 'Unsupported default_partition mode ""'],
		[{default_partition: 'enabled'}, 'P0001', 'default_partition policy is only supported for partitioned queues'],
		[{cleanup_ttl: 'soon', partition_lookahead: -1}, '22007', /interval/],
		[{cleanup_limit: 'many', partition_lookahead: -1}, '22P02', /integer/],
		[{cleanup_limit: 1.5}, '22P02', /integer/],
		[{cleanup_ttl: null}, '23502', /cleanup_ttl/],
		[{cleanup_limit: null}, '23502', /cleanup_limit/],
	])('refuses %j: %s', async (change, code, message) => {
		const queue = await engine.queue();
		const before = await policy(queue);
		const valid = typeof change === 'object' ? {partition_lookback: 5, ...change} : change;
		await refuses(engine.call('set_queue_policy', queue, valid), code, message);
		expect(await policy(queue)).toEqual(before);
	});

	it('refuses in order: name, object, key, queue, value', async () => {
		const set = (queue: string | null, change: unknown) => engine.call('set_queue_policy', queue, change);
		await refuses(set('', '[]'), 'P0001', 'Queue name must be provided');
		await refuses(set('nowhere', '[]'), 'P0001', 'Queue policy must be a JSON object');
		await refuses(set('nowhere', {odd: 1}), 'P0001', 'Unsupported queue policy key "odd"');
		await refuses(set('nowhere', {cleanup_limit: 0}), 'P0001', 'Queue "nowhere" does not exist');
		await refuses(set('nowhere', {}), 'P0001', 'Queue "nowhere" does not exist');
	});

	it('takes the default partitions away when they are empty, and makes them again', async () => {
		const queue = await engine.queue('partitioned', 'defaults');
		const parts = async () =>
			(
				await engine.sql(
					"select relname from pg_class where relnamespace = 'absurd'::regnamespace and relkind = 'r' and relname like '%\\_d' order by 1",
				)
			).map(row => row['relname']);
		const all = ['c_defaults_d', 'r_defaults_d', 't_defaults_d', 'w_defaults_d'];
		expect(await parts()).toEqual(all);
		await engine.sql(
			`insert into absurd.r_defaults_d (run_id, task_id, attempt, state, available_at) values ('00000000-0000-4000-8000-000000000000', $1, 1, 'failed', now())`,
			'00000000-0000-4000-8000-000000000000',
		);
		await refuses(
			engine.call('set_queue_policy', queue, {default_partition: 'disabled'}),
			'P0001',
			'Cannot disable default_partition for queue "defaults": default partition "r_defaults_d" is not empty',
		);
		expect(await parts()).toEqual(all);
		await engine.sql('delete from absurd.r_defaults_d');
		for (const again of [1, 2]) {
			await engine.call('set_queue_policy', queue, {default_partition: ' Disabled '});
			expect(await parts(), `time ${again}`).toEqual([]);
		}
		await engine.call('create_queue', queue, 'partitioned');
		expect(await parts()).toEqual([]);
		await engine.clock(400 * 86_400);
		await engine.call('set_queue_policy', queue, {default_partition: 'enabled'});
		expect(await parts()).toEqual(all);
		const [week] = await engine.sql("select to_regclass('absurd.t_defaults_715') is not null as made");
		expect(week).toEqual({made: true});
	});
});

describeEngine('privileges', () => {
	const engine = useEngine();

	it('lets a role that may only select read, and not write', async () => {
		const queue = await engine.queue('partitioned');
		const {task, run} = await engine.spawn(queue);
		const role = `reader_${process.pid}_${Date.now()}`;
		await engine.sql(`create role ${role}`);
		await engine.sql(`grant usage on schema absurd to ${role}`);
		await engine.sql(`grant select on all tables in schema absurd to ${role}`);
		await engine.sql(`set role ${role}`);
		expect(await engine.value('get_schema_version')).toBe('0.5.0');
		expect(await engine.call('get_queue_policy', queue)).toHaveLength(1);
		expect(await engine.call('list_detach_candidates')).toEqual([]);
		expect(await engine.call('get_task_result', queue, task)).toMatchObject([{state: 'pending'}]);
		expect(await engine.call('get_task_checkpoint_states', queue, task, run)).toEqual([]);
		for (const [name, ...rest] of [
			['cancel_task', task],
			['claim_task', 'w'],
			['emit_event', 'e'],
			['spawn_task', 'job', '{}'],
		]) {
			await refuses(engine.call(name ?? '', queue, ...rest), '42501', /permission denied/);
		}
		await engine.sql('reset role');
		await engine.sql(`drop owned by ${role}`);
		await engine.sql(`drop role ${role}`);
	});
});
