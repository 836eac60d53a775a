import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {COLUMNS, FUNCTIONS, IMMUTABLE, INDEXES} from './catalogue.ts';
import {describeEngine, refuses, useEngine} from './support.ts';

describeEngine('catalogue of release 0.5.0', () => {
	const engine = useEngine();

	it('has exactly these 39 functions, as written', async () => {
		const rows = await engine.sql(`
			select proname || '(' || pg_get_function_arguments(oid) || ')' as signature, pg_get_function_result(oid) as result
			from pg_proc where pronamespace = 'absurd'::regnamespace`);
		expect(Object.fromEntries(rows.map(row => [row['signature'], row['result']]))).toEqual(FUNCTIONS);
		expect(rows).toHaveLength(39);
	});

	it('declares them volatile, not strict, invoker, without settings, but for the arithmetic', async () => {
		const rows = await engine.sql(`
			select proname, provolatile, proisstrict, prosecdef, proconfig is null and proacl is null as plain, proparallel, procost,
				obj_description(oid, 'pg_proc') as comment
			from pg_proc where pronamespace = 'absurd'::regnamespace`);
		for (const row of rows) {
			const strict = IMMUTABLE[String(row['proname'])];
			expect(row).toEqual({
				proname: row['proname'],
				provolatile: strict === undefined ? 'v' : 'i',
				proisstrict: strict ?? false,
				prosecdef: false,
				plain: true,
				proparallel: 'u',
				procost: 100,
				comment: null,
			});
		}
	});

	it('answers its version, which a development build may replace', async () => {
		expect(await engine.value('get_schema_version')).toBe('0.5.0');
		await engine.sql('begin');
		await engine.sql(
			"create or replace function absurd.get_schema_version() returns text language sql as $$ select 'main'::text $$",
		);
		expect(await engine.value('get_schema_version')).toBe('main');
		await engine.sql('rollback');
	});

	it('refuses to be loaded twice, at the first function', async () => {
		const file = readFileSync(new URL('../../sql/absurd.sql', import.meta.url), 'utf8');
		await refuses(engine.client.query(file), '42723', /already exists/);
	});

	it('registers queues with the policy of the release', async () => {
		await engine.sql("insert into absurd.queues (queue_name) values ('bare')");
		const [row] =
			await engine.sql(`select q.*, q.created_at between now() - interval '1 minute' and clock_timestamp() as fresh,
			q.partition_lookahead::text as ahead, q.partition_lookback::text as back, q.cleanup_ttl::text as ttl, q.detach_min_age::text as age
			from absurd.queues q where queue_name = 'bare'`);
		expect(row).toMatchObject({
			fresh: true,
			storage_mode: 'unpartitioned',
			default_partition: 'enabled',
			ahead: '28 days',
			back: '1 day',
			ttl: '30 days',
			cleanup_limit: 1000,
			detach_mode: 'none',
			age: '30 days',
		});
		const columns = await engine.sql(`select attname, attnotnull from pg_attribute
			where attrelid = 'absurd.queues'::regclass and attnum > 0 order by attnum`);
		expect(columns.map(column => column['attname'])).toEqual([
			'queue_name',
			'created_at',
			'storage_mode',
			'default_partition',
			'partition_lookahead',
			'partition_lookback',
			'cleanup_ttl',
			'cleanup_limit',
			'detach_mode',
			'detach_min_age',
		]);
		expect(columns.every(column => column['attnotnull'])).toBe(true);
		for (const [column, bad] of Object.entries({
			storage_mode: "'both'",
			default_partition: "'maybe'",
			detach_mode: "'all'",
			partition_lookahead: "'-1 s'",
			partition_lookback: "'-1 s'",
			cleanup_ttl: "'-1 s'",
			cleanup_limit: '0',
			detach_min_age: "'-1 s'",
		})) {
			const refused = await refuses(engine.sql(`update absurd.queues set ${column} = ${bad}`), '23514', /violates/);
			expect(refused.constraint).toBe(`queues_${column}_check`);
		}
		await engine.sql("delete from absurd.queues where queue_name = 'bare'");
	});

	it.each(['unpartitioned', 'partitioned'] as const)('gives a queue its tables: %s', async mode => {
		await engine.queue(mode, 'jobs');
		const tables = await engine.sql(`select relname, reloptions, relkind from pg_class
			where relnamespace = 'absurd'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`);
		const partitioned = mode === 'partitioned';
		const fill = partitioned ? null : ['fillfactor=70'];
		const kind = partitioned ? 'p' : 'r';
		expect(tables).toEqual(
			[
				{relname: 'c_jobs', reloptions: fill, relkind: kind},
				{relname: 'e_jobs', reloptions: null, relkind: 'r'},
				partitioned && {relname: 'i_jobs', reloptions: null, relkind: 'r'},
				{relname: 'queues', reloptions: null, relkind: 'r'},
				{relname: 'r_jobs', reloptions: fill, relkind: kind},
				{relname: 't_jobs', reloptions: fill, relkind: kind},
				{relname: 'w_jobs', reloptions: null, relkind: kind},
			].filter(Boolean),
		);
		for (const [prefix, expected] of Object.entries(COLUMNS)) {
			if (prefix === 'i_' && !partitioned) continue;
			const columns = await engine.sql(
				`select attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' !' else '' end
					|| coalesce(' = ' || pg_get_expr(d.adbin, d.adrelid), '') as text
				from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
				where attrelid = $1::regclass and attnum > 0 order by attnum`,
				`absurd.${prefix}jobs`,
			);
			expect(columns.map(column => column['text'])).toEqual(expected);
		}
		const indexes = await engine.sql(`select c.relname || ':' || case when i.indisunique then ' unique' else '' end
				|| ' ' || regexp_replace(pg_get_indexdef(c.oid), '^.* USING btree ', '') as text, c.relname
			from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
			where t.relnamespace = 'absurd'::regnamespace and not t.relispartition and t.relname <> 'queues' order by 2`);
		const own = indexes.filter(index => index['relname'] !== 't_jobs_pol').map(index => index['text']);
		const keys = partitioned
			? ['i_jobs_pkey: unique (idempotency_key)', 'i_jobs_ti: (task_id)']
			: ['t_jobs_idempotency_key_key: unique (idempotency_key)'];
		expect(own.toSorted()).toEqual([...INDEXES, ...keys].toSorted());
		const constraints = await engine.sql(`select conname from pg_constraint c join pg_class t on t.oid = c.conrelid
			where t.relnamespace = 'absurd'::regnamespace and not t.relispartition and t.relname <> 'queues' and contype <> 'n'
			order by 1`);
		expect(constraints.map(constraint => constraint['conname'])).toEqual(
			[
				'c_jobs_pkey',
				'e_jobs_pkey',
				partitioned ? 'i_jobs_pkey' : '',
				'r_jobs_pkey',
				'r_jobs_state_check',
				partitioned ? '' : 't_jobs_idempotency_key_key',
				't_jobs_pkey',
				't_jobs_state_check',
				'w_jobs_pkey',
			].filter(Boolean),
		);
		await engine.call('drop_queue', 'jobs');
		const left = await engine.sql(
			"select relname from pg_class where relnamespace = 'absurd'::regnamespace and relkind in ('r', 'p')",
		);
		expect(left).toEqual([{relname: 'queues'}]);
	});

	it('names the indexes of partitions as Postgres does', async () => {
		await engine.queue('partitioned', 'parts');
		const names = await engine.sql(`select indexname from pg_indexes where schemaname = 'absurd'
			and tablename in ('r_parts_d', 'w_parts_d', 't_parts_d', 'c_parts_d') and indexname !~ '_case_idx$|_expr_idx$' order by 1`);
		expect(names.map(row => row['indexname'])).toEqual([
			'c_parts_d_pkey',
			'r_parts_d_claim_expires_at_idx',
			'r_parts_d_pkey',
			'r_parts_d_state_available_at_idx',
			'r_parts_d_task_id_idx',
			't_parts_d_pkey',
			'w_parts_d_event_name_idx',
			'w_parts_d_pkey',
			'w_parts_d_task_id_idx',
		]);
	});

	it('leaves the named indexes their work', async () => {
		const queue = await engine.queue('unpartitioned', 'plans');
		await engine.sql('begin');
		await engine.sql('set local enable_seqscan = off');
		const plan = async (text: string) => JSON.stringify(await engine.sql(`explain (costs off) ${text}`));
		expect(
			await plan(
				"select 1 from absurd.r_plans where state = 'running' and claim_expires_at is not null and claim_expires_at <= now()",
			),
		).toContain('r_plans_cei');
		expect(await plan('select 1 from absurd.e_plans where emitted_at < now() order by emitted_at limit 5')).toContain(
			'e_plans_eai',
		);
		expect(await plan("delete from absurd.w_plans where task_id = '01990000-0000-7000-8000-000000000000'")).toContain(
			'w_plans_ti',
		);
		await engine.sql('rollback');
		await engine.call('drop_queue', queue);
	});
});
