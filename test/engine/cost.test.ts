import {expect, it} from 'vitest';
import {at, describeEngine, type Session, useEngine} from './support.ts';

/** Rows and blocks that a claim may touch, however long the history and however wrong the statistics. */
const BLOCKS = 400;

describeEngine('the cost of a claim', () => {
	const engine = useEngine();

	/** So many tasks with a run each, in a state. */
	async function fill(queue: string, count: number, state: string, run: string, task: string): Promise<void> {
		await engine.sql(
			`with ids as (select gen_random_uuid() as task_id, gen_random_uuid() as run_id, n from generate_series(1, ${count}) n),
			tasks as (
				insert into absurd."t_${queue}" (task_id, task_name, params, state, attempts, last_attempt_run, cancellation, enqueue_at, first_started_at)
				select task_id, 'job', '{}', '${state}', 1, run_id, ${task} from ids
			)
			insert into absurd."r_${queue}" (run_id, task_id, attempt, state, available_at, claim_expires_at)
			select run_id, task_id, 1, '${state}', ${run} from ids`,
		);
	}

	/** Blocks of tables and indexes that a call of the session touches. */
	async function blocks(of: Session, call: string): Promise<number> {
		const [answer] = await of.sql(`explain (analyze, buffers, timing off, format json) select * from absurd.${call}`);
		const text = JSON.stringify(answer);
		const count = (kind: string) => Number(new RegExp(`"Shared ${kind} Blocks":(\\d+)`).exec(text)?.[1]);
		return count('Hit') + count('Read');
	}

	it.each([
		['never analysed', ''],
		['analysed when it held history alone', 'history'],
		['analysed', 'all'],
	])('does not grow with history or backlog: %s', async (_, analyse) => {
		const queue = await engine.queue();
		for (const prefix of ['t', 'r', 'c', 'w', 'e']) {
			await engine.sql(`alter table absurd."${prefix}_${queue}" set (autovacuum_enabled = off)`);
		}
		await engine.clock(0);
		const policy = `'{"max_duration": 3600, "max_delay": 3600}'`;
		const claim = `claim_task('${queue}', 'w', 60, 5)`;
		// A session that has claimed from the queue since it was empty has its plans from then.
		await engine.spawn(queue);
		await engine.claim(queue, 'early');
		await fill(queue, 20_000, 'completed', `'${at(-9000)}', null`, `${policy}, '${at(-9000)}', '${at(-9000)}'`);
		if (analyse === 'history') await engine.sql(`analyze absurd."t_${queue}", absurd."r_${queue}"`);
		await fill(queue, 5000, 'sleeping', `'infinity', null`, `${policy}, '${at(-60)}', '${at(-60)}'`);
		await fill(queue, 5000, 'running', `'${at(-60)}', '${at(60)}'`, `${policy}, '${at(-60)}', '${at(-60)}'`);
		if (analyse === 'all') await engine.sql(`analyze absurd."t_${queue}", absurd."r_${queue}"`);
		// The first call of a session also reads the catalogue.
		await blocks(engine, claim);
		expect(await blocks(engine, claim)).toBeLessThan(BLOCKS);
		await fill(
			queue,
			5000,
			'pending',
			`'${at(-60)}'::timestamptz + n * interval '1 ms', null`,
			`null, '${at(-60)}', null`,
		);
		await blocks(engine, claim);
		expect(await blocks(engine, claim)).toBeLessThan(BLOCKS);
		const claimed = await engine.sql(`select 1 from absurd."r_${queue}" where claimed_by = 'w'`);
		expect(claimed).toHaveLength(10);

		await engine.sql(
			`insert into absurd."w_${queue}" select task_id, run_id, 's', 'e' from absurd."r_${queue}" where state = 'sleeping' limit 1`,
		);
		expect(await blocks(engine, `emit_event('${queue}', 'e', '1')`)).toBeLessThan(BLOCKS);
		const [sleeper] = await engine.sql(`select task_id from absurd."t_${queue}" where state = 'sleeping' limit 1`);
		expect(await blocks(engine, `cancel_task('${queue}', '${String(sleeper?.['task_id'])}')`)).toBeLessThan(BLOCKS);
	});
});
