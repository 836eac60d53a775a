import {expect, it} from 'vitest';
import {at, describeEngine, refuses, type Session, useEngine} from './support.ts';

const KEPT = "select name from pg_prepared_statements where starts_with(name, 'absurd_claim_') order by name";

/** Ten thousand finished tasks of the queue `plan`. */
const HISTORY = `
	with ids as (select gen_random_uuid() as task_id, gen_random_uuid() as run_id from generate_series(1, 10000)),
	tasks as (
		insert into absurd.t_plan (task_id, task_name, params, state, attempts, last_attempt_run)
		select task_id, 'job', '{}', 'completed', 1, run_id from ids
	)
	insert into absurd.r_plan (run_id, task_id, attempt, state, available_at)
	select run_id, task_id, 1, 'completed', now() from ids`;

/** A claim keeps its statements in the session, prepared, and nobody may notice. */
describeEngine('claim_task: what a session keeps', () => {
	const engine = useEngine();

	/** Statements that the session keeps of the engine's. */
	const kept = async (of: Session) => (await of.sql(KEPT)).map(row => String(row['name']));

	/** Names of the statements of a queue: whether there is anything, which runs, and their claim. */
	async function names(queue: string, ...kinds: readonly ('ask' | 'due' | 'take')[]): Promise<string[]> {
		const [row] = await engine.sql('select md5($1) as key', queue);
		return kinds.map(kind => `absurd_claim_${kind}_${row?.['key']}`);
	}

	it('is made by the first claim of each queue that needs it, once', async () => {
		const worker = await engine.another();
		const queues = [await engine.queue(), await engine.queue('partitioned')];
		for (let turn = 0; turn < 8; turn += 1) {
			for (const queue of queues) expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
		}
		const asks = (await Promise.all(queues.map(queue => names(queue, 'ask')))).flat();
		expect(await kept(worker)).toEqual(asks.toSorted());
		for (let turn = 0; turn < 8; turn += 1) {
			const {run} = await engine.spawn(queues[turn % 2] ?? '');
			expect(await worker.call('claim_task', queues[turn % 2], 'w')).toMatchObject([{run_id: run}]);
			expect(await worker.call('claim_task', queues[(turn + 1) % 2], 'w')).toEqual([]);
		}
		const all = (await Promise.all(queues.map(queue => names(queue, 'ask', 'due', 'take')))).flat();
		expect(await kept(worker)).toEqual(all.toSorted());
	});

	it('reads indexes in their order, however it was planned, and leaves the settings alone', async () => {
		const worker = await engine.another();
		const queue = await engine.queue('unpartitioned', 'plan');
		const settings = `select name, setting from pg_settings
			where name like 'enable_%' or name in ('jit', 'plan_cache_mode') order by name`;
		const [ask, due, take] = await names(queue, 'ask', 'due', 'take');
		const none = "'{00000000-0000-0000-0000-000000000000}'";
		const indexes = {
			[`${ask} ('2026-01-01')`]: ['t_plan_pol', 'r_plan_cei', 'r_plan_sai'],
			[`${due} ('2026-01-01', 1)`]: ['r_plan_sai', 'r_plan_sai', 'r_plan_pkey', 't_plan_pkey'],
			[`${take} (${none}, 'w', null, '2026-01-01')`]: ['r_plan_pkey', 't_plan_pkey', 'w_plan_pkey'],
		};
		await worker.sql("set plan_cache_mode = 'force_custom_plan'");
		await worker.client.query('begin');
		const before = await worker.sql(settings);
		for (const held of ['nothing, never analysed', 'one task', 'history']) {
			if (held === 'history') await worker.sql(HISTORY);
			if (held !== 'nothing, never analysed') await worker.sql('analyze absurd.t_plan, absurd.r_plan, absurd.w_plan');
			await worker.spawn(queue);
			await worker.claim(queue);
			expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
			expect(await worker.sql(settings)).toEqual(before);
			// Answers the plans that are kept: nothing has changed since they were made.
			await worker.sql("set local plan_cache_mode = 'force_generic_plan'");
			for (const [call, expected] of Object.entries(indexes)) {
				const plan = JSON.stringify(await worker.sql(`explain (format json) execute ${call}`));
				expect(
					plan.match(/"Index Name":"[^"]+"/g)?.map(each => each.split('"')[3]),
					held,
				).toEqual(expected);
				expect(plan).not.toMatch(/Seq Scan|Bitmap/);
				if (!call.startsWith(take ?? '')) expect(plan).not.toContain('"Sort"');
			}
			await worker.sql("set local plan_cache_mode = 'force_custom_plan'");
		}
		await worker.client.query('rollback');
	});

	it.each(['deallocate all', 'discard all', 'discard plans'])('is made anew after %s', async command => {
		const worker = await engine.another();
		const queue = await engine.queue();
		expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
		await worker.sql(command);
		const {run} = await engine.spawn(queue);
		expect(await worker.call('claim_task', queue, 'w')).toMatchObject([{run_id: run}]);
		expect(await kept(worker)).toEqual(await names(queue, 'ask', 'due', 'take'));
	});

	it('survives a rollback, and a claim that failed', async () => {
		const worker = await engine.another();
		const queue = await engine.queue();
		await worker.client.query('begin');
		expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
		await refuses(worker.call('claim_task', 'nowhere', 'w'), '42P01', 'relation "absurd.t_nowhere" does not exist');
		await worker.client.query('rollback');
		const {run} = await engine.spawn(queue);
		expect(await worker.call('claim_task', queue, 'w')).toMatchObject([{run_id: run}]);
		expect(await kept(worker)).toEqual(await names(queue, 'ask', 'due', 'take'));
	});

	it('is about the queue that has the name now', async () => {
		const worker = await engine.another();
		for (const mode of ['unpartitioned', 'partitioned', 'unpartitioned'] as const) {
			const queue = await engine.queue(mode, 'phoenix');
			expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
			const {run} = await engine.spawn(queue);
			expect(await worker.call('claim_task', queue, 'w')).toMatchObject([{run_id: run}]);
			await engine.call('drop_queue', queue);
			await refuses(worker.call('claim_task', queue, 'w'), '42P01', 'relation "absurd.t_phoenix" does not exist');
		}
	});

	it('sees partitions that were made after it', async () => {
		const worker = await engine.another();
		const queue = await engine.queue('partitioned');
		await engine.call('set_queue_policy', queue, {default_partition: 'disabled', partition_lookahead: '0 days'});
		expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
		await engine.call('set_queue_policy', queue, {partition_lookahead: '90 days'});
		await engine.call('ensure_partitions', queue);
		const later = "absurd.uuidv7_floor(now() + interval '80 days')";
		await engine.sql(
			`with task as (
				insert into absurd."t_${queue}" (task_id, task_name, params, state, attempts, last_attempt_run)
				values (${later}, 'job', '{}', 'pending', 1, ${later})
			)
			insert into absurd."r_${queue}" (run_id, task_id, attempt, state, available_at)
			values (${later}, ${later}, 1, 'pending', now())`,
		);
		expect(await worker.call('claim_task', queue, 'w')).toMatchObject([{attempt: 1, params: {}}]);
	});

	it('is kept for no more than 64 queues', async () => {
		const worker = await engine.another();
		const mine = await engine.queue();
		for (let each = 1; each <= 64; each += 1) {
			const [ask, take] = await names(`other ${each}`, 'ask', 'take');
			await worker.sql(`prepare ${ask} as select 1`);
			if (each % 2 === 0) await worker.sql(`prepare ${take} as select 1`);
		}
		await worker.sql('prepare other as select 1');
		expect(await worker.call('claim_task', mine, 'w')).toEqual([]);
		const left = await kept(worker);
		const asks = left.filter(name => name.startsWith('absurd_claim_ask_'));
		expect(asks).toHaveLength(64);
		expect(asks).toEqual(expect.arrayContaining(await names(mine, 'ask')));
		// What else was kept for the queue that had to go went with it.
		for (const name of left) expect(asks.map(ask => ask.slice(-32))).toContain(name.slice(-32));
		expect(await worker.sql("select 1 from pg_prepared_statements where name = 'other'")).toHaveLength(1);
	});

	it('goes by the clock to the microsecond, whatever the zone and style of dates', async () => {
		const worker = await engine.another();
		const queue = await engine.queue();
		// IST is what Postgres prints for Kolkata in this style, and reads as Israel's.
		for (const [style, zone] of [
			['SQL, DMY', 'Asia/Kolkata'],
			['German', 'America/New_York'],
			['Postgres, MDY', 'Australia/Sydney'],
			['ISO', 'UTC'],
		]) {
			await worker.sql(`set datestyle = '${style}'`);
			await worker.sql(`set timezone = '${zone}'`);
			const {run} = await engine.spawn(queue);
			await engine.sql(`update absurd."r_${queue}" set available_at = $2 where run_id = $1`, run, at(0));
			// The fake clock is a text too, read in the zone and style of the session: these are the same in all of them.
			await worker.sql("set absurd.fake_now = '2026-03-04T11:59:59.999999Z'");
			expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
			await worker.sql("set absurd.fake_now = '2026-03-04T12:00:00Z'");
			expect(await worker.call('claim_task', queue, 'w')).toMatchObject([{run_id: run}]);
		}
	});

	it('is neither made nor used in a role other than that of the session', async () => {
		const worker = await engine.another();
		const queue = await engine.queue();
		const {run} = await engine.spawn(queue);
		// What somebody else left in this session under the name, which answers "nothing to do" and could do worse.
		const [ask, due, take] = await names(queue, 'ask', 'due', 'take');
		await worker.sql(`prepare ${ask} (timestamp) as select false, false, false`);
		await worker.sql(`prepare ${due} (timestamp, integer) as select null::uuid[]`);
		await worker.sql(`prepare ${take} as select 1`);
		expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
		const role = `polls_${process.pid}`;
		await engine.sql(`create role ${role} superuser`);
		try {
			await worker.sql(`set role ${role}`);
			expect(await worker.call('claim_task', queue, 'w')).toMatchObject([{run_id: run}]);
			await worker.sql('deallocate all');
			expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
			expect(await kept(worker)).toEqual([]);
			await worker.sql('reset role');
			expect(await worker.call('claim_task', queue, 'w')).toEqual([]);
			expect(await kept(worker)).toEqual([ask]);
		} finally {
			await engine.sql(`drop role ${role}`);
		}
	});

	it('refuses a queue without a name as before', async () => {
		await refuses(
			engine.call('claim_task', null, 'w'),
			'22004',
			'null values cannot be formatted as an SQL identifier',
		);
	});
});
