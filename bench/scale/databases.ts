import pg from 'pg';
import {table} from '../../test/support/queue-rows.ts';
import type {BenchDatabase} from '../poll/workbench.ts';

/** A database in a state in which tools break. */
export interface Scale {
	readonly name: string;
	/** Monitors that watch it at once. */
	readonly monitors: number;
	/** Makes it so; answers what ends with it. */
	fill(database: BenchDatabase): Promise<() => Promise<void>>;
}

/** Queues made in one transaction: each takes some twenty locks. */
const batch = 100;

async function createQueues(database: BenchDatabase, count: number, mode: string): Promise<void> {
	for (let from = 1; from <= count; from += batch) {
		const until = Math.min(count, from + batch - 1);
		await database.client.query(
			`select absurd.create_queue('q-' || n, '${mode}') from generate_series(${from}, ${until}) as n`,
		);
	}
}

/** Writes so many pending, running and sleeping runs into every queue, with their tasks. */
async function fillAll(database: BenchDatabase, count: number, each: number): Promise<void> {
	for (let from = 1; from <= count; from += batch) {
		await database.client.query(`do $$
			declare n int;
			begin
				for n in ${from}..${Math.min(count, from + batch - 1)} loop
					execute format('
						with made as (
							insert into absurd.%I (task_id, task_name, params, state, attempts, enqueue_at)
							select absurd.portable_uuidv7(), ''task-'' || k %% 3, ''{}'',
								(array[''running'', ''pending'', ''sleeping''])[1 + k %% 3], 1, clock_timestamp()
							from generate_series(1, ${each}) as k
							returning task_id, state
						)
						insert into absurd.%I (run_id, task_id, attempt, state, claimed_by, claim_expires_at, available_at, started_at)
						select absurd.portable_uuidv7(), task_id, 1, state,
							case when state = ''running'' then ''w'' end,
							case when state = ''running'' then now() + interval ''1 hour'' end,
							case when state = ''sleeping'' then now() + interval ''1 hour'' else now() end,
							case when state = ''running'' then now() end
						from made', 't_q-' || n, 'r_q-' || n);
				end loop;
			end $$`);
	}
	await database.client.query('analyze absurd.queues');
}

const nothing = async () => {};

/** One queue whose million of runs are pending, or were and are completed under a snapshot that nobody ends. */
async function million(database: BenchDatabase, dead: boolean): Promise<() => Promise<void>> {
	await database.client.query(`select absurd.create_queue('big')`);
	const runs = table('r', 'big');
	await database.client.query(`alter table ${runs} set (autovacuum_enabled = off)`);
	await database.client.query(
		`insert into ${runs} (run_id, task_id, attempt, state, available_at)
		select gen_random_uuid(), gen_random_uuid(), 1, 'pending', now() - n * interval '1 millisecond'
		from generate_series(1, 1000000) as n`,
	);
	if (!dead) return nothing;
	const forgotten = new pg.Client({connectionString: database.url});
	await forgotten.connect();
	await forgotten.query(`begin isolation level repeatable read; select count(*) from absurd.queues`);
	await database.client.query(
		`update ${runs} set state = 'completed', available_at = now(), started_at = now(), completed_at = now()`,
	);
	return () => forgotten.end();
}

/** The states that are measured; `share` makes them smaller, for trying the script out. */
export function scales(share: number): readonly Scale[] {
	const many = Math.max(10, Math.round(10_000 * share));
	const partitioned = Math.max(10, Math.round(200 * share));
	return [
		{
			name: `${many} queues, ${many * 10} live runs`,
			monitors: 1,
			async fill(database) {
				await createQueues(database, many, 'unpartitioned');
				await fillAll(database, many, 10);
				return nothing;
			},
		},
		{
			name: `${partitioned} partitioned queues, two monitors`,
			monitors: 2,
			async fill(database) {
				await createQueues(database, partitioned, 'partitioned');
				await fillAll(database, partitioned, 10);
				return nothing;
			},
		},
		{name: '1,000,000 pending runs', monitors: 1, fill: database => million(database, false)},
		{name: '1,000,000 dead index entries', monitors: 1, fill: database => million(database, true)},
	];
}
