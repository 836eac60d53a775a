import type {TestDatabase} from './database.ts';
import {oldRelease} from './old-release.ts';

/** The releases whose shape of tables or functions differs (absurd.md: per-version inventory). */
export const releases = ['0.0.4', '0.0.5', '0.0.6', '0.1.0', '0.2.0', '0.3.0', '0.4.0'] as const;

type Release = (typeof releases)[number];

const isSince = (release: Release, first: Release) => releases.indexOf(release) >= releases.indexOf(first);

const functions = `
	create function absurd.spawn_task(p_queue_name text, p_task_name text, p_params jsonb, p_options jsonb default '{}')
		returns table (task_id uuid, run_id uuid, attempt integer) language sql as 'select null::uuid, null::uuid, 1';
	create function absurd.emit_event(p_queue_name text, p_event_name text, p_payload jsonb default null)
		returns void language sql as ''`;

/** What each release added; nothing that a monitor sees was ever taken away. */
const additions: ReadonlyArray<readonly [Release, string]> = [
	[
		'0.0.5',
		`create function absurd.cancel_task(p_queue_name text, p_task_id uuid) returns void language sql as '';
		create function absurd.extend_claim(text, uuid, integer) returns void language sql as ''`,
	],
	['0.0.6', 'alter table absurd.t_old add column idempotency_key text unique'],
	[
		'0.1.0',
		`create function absurd.validate_queue_name(text) returns text language sql as 'select $1';
		create index r_old_cei on absurd.r_old (claim_expires_at) where state = 'running' and claim_expires_at is not null;
		create index w_old_ti on absurd.w_old (task_id);
		create index e_old_eai on absurd.e_old (emitted_at)`,
	],
	[
		'0.2.0',
		`create function absurd.retry_task(p_queue_name text, p_task_id uuid, p_options jsonb default '{}')
			returns table (task_id uuid, run_id uuid, attempt integer, created boolean) language sql
			as 'select null::uuid, null::uuid, 1, true'`,
	],
	[
		'0.3.0',
		`create function absurd.get_task_result(text, uuid) returns table (task_id uuid, state text, result jsonb, failure_reason jsonb)
			language sql as 'select null::uuid, null::text, null::jsonb, null::jsonb'`,
	],
	[
		'0.4.0',
		`alter table absurd.queues
			add column storage_mode text not null default 'unpartitioned',
			add column default_partition text not null default 'enabled',
			add column partition_lookahead interval not null default '28 days',
			add column partition_lookback interval not null default '1 day',
			add column cleanup_ttl interval not null default '30 days',
			add column cleanup_limit integer not null default 1000,
			add column detach_mode text not null default 'none',
			add column detach_min_age interval not null default '30 days';
		create function absurd.ensure_partitions(text default null) returns void language sql as ''`,
	],
];

/** Makes the schema of a release with the queue `old`, as its own SQL would have. */
export async function installRelease(database: Pick<TestDatabase, 'query'>, release: Release): Promise<void> {
	await database.query(oldRelease);
	await database.query(functions);
	for (const [first, statements] of additions) if (isSince(release, first)) await database.query(statements);
	if (!isSince(release, '0.2.0')) return;
	await database.query(
		`create function absurd.get_schema_version() returns text language sql immutable as 'select ''${release}'''`,
	);
}

const id = (serial: number) => `01890000-0000-7000-8000-${String(serial).padStart(12, '0')}`;

/** Ids of what `fillRelease` writes. */
export const oldTask = {running: id(1), failed: id(3), waiting: id(5), done: id(7)};

/** A task in each state, written into the tables: what wrote them then is not what is tested. */
export async function fillRelease(database: Pick<TestDatabase, 'query'>): Promise<void> {
	const task = (serial: number, name: string, state: string) =>
		database.query(
			`insert into absurd.t_old (task_id, task_name, params, state, attempts, max_attempts, first_started_at, last_attempt_run)
			values ('${id(serial)}', '${name}', '{"n": 1}', '${state}', 1, 3, now() - interval '20 seconds', '${id(serial + 1)}')`,
		);
	const run = (serial: number, state: string, more = 'null, null, null, null, now()') =>
		database.query(
			`insert into absurd.r_old (run_id, task_id, attempt, state, claimed_by, started_at,
				claim_expires_at, failed_at, failure_reason, completed_at, available_at)
			values ('${id(serial)}', '${id(serial - 1)}', 1, '${state}', 'w:1', now() - interval '20 seconds', ${more})`,
		);
	await task(1, 'research', 'running');
	await run(2, 'running', `now() + interval '1 hour', null, null, null, now() - interval '20 seconds'`);
	await task(3, 'send-invoice', 'failed');
	await run(4, 'failed', `null, now(), '{"name": "Bounce", "message": "no such mailbox"}', null, now()`);
	await task(5, 'await-payment', 'sleeping');
	await run(6, 'sleeping', `null, null, null, null, 'infinity'`);
	await database.query(`update absurd.r_old set wake_event = 'paid:4711' where run_id = '${id(6)}'`);
	await task(7, 'resize', 'completed');
	await run(8, 'completed', `null, null, null, now(), now() - interval '2 seconds'`);
	await database.query(
		`insert into absurd.c_old (task_id, checkpoint_name, state, owner_run_id, updated_at)
		values ('${id(1)}', 'plan', '{"a": 1}', '${id(2)}', now() - interval '12 seconds');
		insert into absurd.w_old (task_id, run_id, step_name, event_name) values ('${id(5)}', '${id(6)}', 'pay', 'paid:4711');
		insert into absurd.e_old (event_name, payload) values ('shipped:1', '{"n": 1}')`,
	);
}
