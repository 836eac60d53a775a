import type {TestDatabase} from './database.ts';
import {createQueue, table} from './queue-rows.ts';

/** What a queue is filled with. */
export interface History {
	/** Finished runs, one a second going back from now; every tenth failed. */
	readonly finished: number;
	readonly pending?: number;
	readonly analysed?: boolean;
	/** A checkpoint for each task, and waits and events in proportion; yes unless told otherwise. */
	readonly whole?: boolean;
	readonly mode?: 'partitioned';
}

/** Live rows of every filled queue, whatever its history: the work of a tick is the same. */
const live = {running: 300, pending: 300, sleeping: 300, waiting: 100, checkpointsOfOne: 40};

/** An id whose time is a second of the past, so that the primary key has the order that it has in life. */
const idAt = (seconds: string, salt: number) => `(lpad(to_hex(floor(extract(epoch from $now) * 1000
	- (${seconds})::bigint * 1000)::bigint), 12, '0') || '7${salt}00' || '8000' || lpad(to_hex(n), 12, '0'))::uuid`;

// n counts rows from the oldest to the newest; sec is how long ago its run was claimed.
function inserts(queue: string): string {
	const [t, r, c] = [table('t', queue), table('r', queue), table('c', queue)];
	const reason = `case when state = 'failed' then '{"name": "Boom", "message": "no"}'::jsonb end`;
	return `
		insert into ${t} (task_id, task_name, params, state, attempts, max_attempts, enqueue_at, first_started_at, last_attempt_run)
		select ${idAt('sec', 1)}, 'task-' || n % 7, '{"n": 1}', state, 1, 5, $now - sec * interval '1 second',
			$now - sec * interval '1 second', ${idAt('sec', 2)} from public.filling where not flood;
		insert into ${r} (run_id, task_id, attempt, state, claimed_by, claim_expires_at, available_at, wake_event, started_at,
			completed_at, failed_at, failure_reason, created_at)
		select ${idAt('sec', 2)}, ${idAt('sec', 1)}, case when state = 'sleeping' then 2 else 1 end, state, 'w:' || n % 9,
			case when state = 'running' then $now + interval '1 minute' end,
			case when state = 'sleeping' then $now + sec * interval '1 second' else $now - sec * interval '1 second' end,
			null, case when state not in ('pending', 'sleeping') then $now - sec * interval '1 second' end,
			case when state = 'completed' then $now - sec * interval '1 second' + interval '2 seconds' end,
			case when state = 'failed' then $now - sec * interval '1 second' + interval '2 seconds' end,
			${reason}, $now - sec * interval '1 second' from public.filling;
		insert into ${c} (task_id, checkpoint_name, state, owner_run_id, updated_at)
		select ${idAt('sec', 1)}, 'plan', '{}', ${idAt('sec', 2)}, $now - sec * interval '1 second'
		from public.filling where state <> 'pending' and ($whole or state <> 'completed')`;
}

/**
 * Makes a queue with a history and live rows; answers the ids of one task that runs and of its run, and
 * the instant that all times hang on. Runs pending beyond the usual ones have no task: it would only take time.
 */
export async function fillQueue(
	database: Pick<TestDatabase, 'query'>,
	queue: string,
	history: History,
): Promise<{readonly taskId: string; readonly runId: string; readonly now: number}> {
	const now = Date.now();
	await createQueue(database, queue, history.mode);
	const whole = history.whole ?? true;
	for (const prefix of history.mode ? [] : ['t', 'r', 'c', 'w', 'e']) {
		// Autovacuum would change the states under test at its own time.
		await database.query(`alter table ${table(prefix, queue)} set (autovacuum_enabled = off)`);
	}
	await database.query(`create temporary table filling as
		select n, (${history.finished} - n + 10) as sec, case when n % 10 = 0 then 'failed' else 'completed' end as state, false as flood
		from generate_series(1, ${history.finished}) n
		union all
		select ${history.finished} + n, 5 + n % 20, 'running', false from generate_series(1, ${live.running}) n
		union all
		select ${history.finished + 1000} + n, 1, 'pending', n > ${live.pending} from generate_series(1, ${history.pending ?? live.pending}) n
		union all
		select ${history.finished + 2_000_000} + n, 60 + n, 'sleeping', false from generate_series(1, ${live.sleeping}) n`);
	const at = `'${new Date(now).toISOString()}'::timestamptz`;
	await database.query(
		inserts(queue)
			.replaceAll('public.filling', 'pg_temp.filling')
			.replaceAll('$now', at)
			.replaceAll('$whole', String(whole)),
	);
	await database.query('drop table pg_temp.filling');
	const [one] = await database.query<{taskId: string; runId: string}>(
		`select task_id as "taskId", run_id as "runId" from ${table('r', queue)} where state = 'running' limit 1`,
	);
	if (!one) throw new Error('Nothing runs.');
	await database.query(
		`insert into ${table('c', queue)} (task_id, checkpoint_name, state, owner_run_id, updated_at)
		select $1, 'iteration#' || n, '{"state": "of a step"}', $2, now() from generate_series(2, ${live.checkpointsOfOne}) n`,
		[one.taskId, one.runId],
	);
	const others = whole ? Math.max(live.waiting, history.finished / 10) : live.waiting;
	await database.query(
		`insert into ${table('w', queue)} (task_id, run_id, step_name, event_name, created_at)
		select gen_random_uuid(), gen_random_uuid(), 'wait', 'event-' || n / 5, now()
		from generate_series(1, ${others}) n`,
	);
	await database.query(
		`insert into ${table('e', queue)} (event_name, payload, emitted_at)
		select 'event-' || n, '{}', now() from generate_series(1, ${others}) n`,
	);
	if (history.analysed ?? true) {
		for (const prefix of ['t', 'r', 'c', 'w', 'e']) await vacuum(database, table(prefix, queue));
	}
	return {...one, now};
}

/**
 * Until all pages are known to be visible: a catalogue table that the server analyses at that moment of its own accord
 * holds a snapshot, and what an index answers alone would then be looked up in the table.
 */
async function vacuum(database: Pick<TestDatabase, 'query'>, name: string): Promise<void> {
	const deadline = Date.now() + 20_000;
	while (Date.now() < deadline) {
		await database.query(`vacuum analyze ${name}`);
		const [row] = await database.query<{visible: boolean}>(
			'select relallvisible >= relpages as visible from pg_class where oid = $1::regclass',
			[name],
		);
		if (row?.visible) return;
	}
	throw new Error(`${name} could not be vacuumed: something holds a snapshot.`);
}
