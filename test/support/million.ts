import pg from 'pg';
import {table} from './queue-rows.ts';

type Client = Pick<pg.Client, 'query'>;

/** Runs of the one big queue. */
export const million = 1_000_000;

/** Its name. */
export const bigQueue = 'big';

const runs = table('r', bigQueue);
const tasks = table('t', bigQueue);

/** Ids in the order of `n`, as those of UUIDv7 are: a million random keys would take minutes. */
const idOf = (salt: number) =>
	`(lpad(to_hex(1700000000000 + n), 12, '0') || '7${salt}00' || '8000' || lpad(to_hex(n), 12, '0'))::uuid`;

/** Makes the queue, which autovacuum leaves alone: it would change the state under test at its own time. */
async function createBig(client: Client): Promise<void> {
	await client.query('select absurd.create_queue($1)', [bigQueue]);
	for (const each of [runs, tasks]) await client.query(`alter table ${each} set (autovacuum_enabled = off)`);
}

/** Writes so many pending runs, the oldest due for as many milliseconds. */
async function insertRuns(client: Client, count: number): Promise<void> {
	await client.query(
		`insert into ${runs} (run_id, task_id, attempt, state, available_at)
		select ${idOf(2)}, ${idOf(1)}, 1, 'pending', now() - n * interval '1 millisecond'
		from generate_series(1, ${count}) as n`,
	);
}

/** Makes the queue with so many pending runs and their tasks, the oldest due for as many milliseconds. */
export async function fillPending(client: Client, count = million): Promise<void> {
	await createBig(client);
	await client.query(
		`insert into ${tasks} (task_id, task_name, params, state, attempts, max_attempts, enqueue_at, last_attempt_run)
		select ${idOf(1)}, 'task-' || n % 7, '{"n": 1}', 'pending', 1, 5, now() - n * interval '1 millisecond', ${idOf(2)}
		from generate_series(1, ${count}) as n`,
	);
	await insertRuns(client, count);
}

/**
 * Makes the queue with so many runs that were pending and are completed under a transaction that nobody ends: their
 * index entries are dead and stay. They have no tasks, which would only take time. Answers what ends the transaction.
 */
export async function fillDead(url: string, client: Client, count = million): Promise<() => Promise<void>> {
	await createBig(client);
	await insertRuns(client, count);
	const forgotten = new pg.Client({connectionString: url, application_name: 'forgotten'});
	await forgotten.connect();
	await forgotten.query('begin isolation level repeatable read; select count(*) from absurd.queues');
	await client.query(
		`update ${runs} set state = 'completed', started_at = available_at, completed_at = available_at + interval '2 seconds'`,
	);
	return () => forgotten.end();
}
