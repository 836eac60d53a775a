import {expect, it} from 'vitest';
import {describeEngine, type Row, type Session, useEngine} from './support.ts';

/** Many sessions at once: nothing is lost, done twice, or deadlocked. */
describeEngine('a crowd', () => {
	const engine = useEngine();

	async function crowd(size: number): Promise<Session[]> {
		const sessions: Session[] = [];
		while (sessions.length < size) sessions.push(await engine.another());
		return sessions;
	}

	it('creates one task for 20 concurrent spawns of a key', async () => {
		for (const mode of ['unpartitioned', 'partitioned'] as const) {
			const queue = await engine.queue(mode);
			const answers = await Promise.all(
				(await crowd(20)).map(each => each.call('spawn_task', queue, 'job', '{}', {idempotency_key: 'k'})),
			);
			expect(answers.filter(rows => rows[0]?.['created'] === true)).toHaveLength(1);
			expect(new Set(answers.map(rows => JSON.stringify([rows[0]?.['task_id'], rows[0]?.['run_id']]))).size).toBe(1);
			expect(await engine.rows('r', queue)).toHaveLength(1);
		}
	});

	it('completes 5,000 tasks with 8 workers, each exactly once', {timeout: 60_000}, async () => {
		const queue = await engine.queue();
		await engine.sql(
			"select count(*) from generate_series(1, 5000) n, lateral absurd.spawn_task($1, 'job', to_jsonb(n)) s",
			queue,
		);
		const done: unknown[] = [];
		async function work(worker: Session, name: string): Promise<void> {
			for (;;) {
				const claimed = await worker.call('claim_task', queue, name, 60, 20);
				if (claimed.length === 0) return;
				for (const row of claimed) {
					await worker.call('complete_run', queue, row['run_id'], JSON.stringify(row['params']));
					done.push(row['run_id']);
				}
			}
		}
		await Promise.all((await crowd(8)).map((each, index) => work(each, `w${index}`)));
		expect(done).toHaveLength(5000);
		expect(new Set(done).size).toBe(5000);
		const [sums] = await engine.sql(`select count(*)::int as n, sum((completed_payload #>> '{}')::int)::int as sum,
			count(*) filter (where state = 'completed' and attempts = 1)::int as once from absurd."t_${queue}"`);
		expect(sums).toEqual({n: 5000, sum: (5000 * 5001) / 2, once: 5000});
	});

	it('loses none of 1,000 events emitted while they are awaited', async () => {
		const queue = await engine.queue();
		await engine.sql(
			"select count(*) from generate_series(1, 1000) n, lateral absurd.spawn_task($1, 'job', to_jsonb(n)) s",
			queue,
		);
		const claimed = await engine.call('claim_task', queue, 'w', 600, 1000);
		const [waiters, emitters] = [await crowd(4), await crowd(4)];
		const share = (index: number) => claimed.filter((_, position) => position % 4 === index);
		await Promise.all([
			...waiters.map(async (each, index) => {
				for (const row of share(index)) {
					const event = `event ${row['params']}`;
					await each.call('await_event', queue, row['task_id'], row['run_id'], 'step', event, null);
				}
			}),
			...emitters.map(async (each, index) => {
				for (const row of share(index)) await each.call('emit_event', queue, `event ${row['params']}`, row['params']);
			}),
		]);
		const [counts] = await engine.sql(`select
			(select count(*) from absurd."w_${queue}")::int as waits,
			(select count(*) from absurd."r_${queue}" where state in ('pending', 'running'))::int as awake,
			(select count(*) from absurd."c_${queue}" c join absurd."t_${queue}" t using (task_id) where c.state = t.params)::int as delivered`);
		expect(counts).toEqual({waits: 0, awake: 1000, delivered: 1000});
	});

	it('stays consistent while workers, cancels, retries, time-outs and emits collide', {timeout: 60_000}, async () => {
		const queue = await engine.queue();
		const policy = {max_attempts: 3, cancellation: {max_duration: 1}};
		await engine.sql(
			`select count(*) from generate_series(1, 600) n, lateral absurd.spawn_task($1, 'job', to_jsonb(n),
				case when n % 3 = 0 then $2::jsonb else '{"max_attempts":3}' end) s`,
			queue,
			JSON.stringify(policy),
		);
		const sessions = await crowd(8);
		// What a worker hears when somebody else was faster is part of the game; deadlocks and the rest are not.
		const tolerant = async (call: Promise<unknown>) =>
			call.catch((error: {code?: string}) => {
				if (!['AB001', 'AB002', 'P0001'].includes(error.code ?? '')) throw error;
			});
		/** One of five things that a worker may do with what it has claimed. */
		async function act(each: Session, turn: number, row: Row): Promise<void> {
			const [task, run, event] = [row['task_id'], row['run_id'], `e${turn % 7}`];
			const calls: readonly [string, ...unknown[]][] = [
				['complete_run', run, '1'],
				['fail_run', run, '{}'],
				['await_event', task, run, 's', event, 0],
				['await_event', task, run, 's', event, null],
			];
			const [name, ...rest] = calls[(Number(row['params']) + turn) % 5] ?? [];
			if (name !== undefined) await tolerant(each.call(name, queue, ...rest));
		}
		async function worker(each: Session, index: number): Promise<void> {
			for (let turn = 0; turn < 60; turn += 1) {
				for (const row of await each.call('claim_task', queue, `w${index}`, 1, 5)) await act(each, turn, row);
				if (index % 2 === 0) await each.call('emit_event', queue, `e${turn % 7}`, '1');
				// One at a time: two deletes of many rows may meet in different orders, whatever the engine does.
				if (index === 0 && turn % 5 === 0) await each.sql(`delete from absurd."e_${queue}"`);
				const [victim] = await each.sql(`select task_id from absurd."t_${queue}" order by random() limit 1`);
				await tolerant(each.call(['retry_task', 'cancel_task'][turn % 2] ?? '', queue, victim?.['task_id']));
			}
		}
		await Promise.all(sessions.map(worker));
		const [broken] = await engine.sql(`
			with open as (
				select task_id, count(*) as n, min(state) as state from absurd."r_${queue}"
				where state in ('pending', 'running', 'sleeping') group by 1
			)
			select
				count(*) filter (where t.state in ('pending', 'running', 'sleeping') and (o.n is distinct from 1 or o.state <> t.state))::int as live,
				count(*) filter (where t.state in ('completed', 'failed', 'cancelled') and o.n is not null)::int as ended,
				count(*) filter (where t.attempts <> (select max(attempt) from absurd."r_${queue}" r where r.task_id = t.task_id))::int as attempts
			from absurd."t_${queue}" t left join open o using (task_id)`);
		expect(broken).toEqual({live: 0, ended: 0, attempts: 0});
		const strays = await engine.sql(
			`select 1 from absurd."w_${queue}" w join absurd."r_${queue}" r using (run_id) where r.state <> 'sleeping'`,
		);
		expect(strays).toEqual([]);
	});
});
