/** The tables of release 0.0.4, of a queue `old`: no policy columns, no idempotency key, three indexes less, no version function. */
export const oldRelease = `
	create schema absurd;
	create function absurd.current_time() returns timestamptz language plpgsql volatile as 'begin return clock_timestamp(); end';
	create table absurd.queues (queue_name text primary key, created_at timestamptz not null default now());
	insert into absurd.queues values ('old');
	create table absurd.t_old (task_id uuid primary key, task_name text not null, params jsonb not null, headers jsonb,
		retry_strategy jsonb, max_attempts int, cancellation jsonb, enqueue_at timestamptz not null default now(),
		first_started_at timestamptz, state text not null, attempts int not null default 0, last_attempt_run uuid,
		completed_payload jsonb, cancelled_at timestamptz);
	create table absurd.r_old (run_id uuid primary key, task_id uuid not null, attempt int not null, state text not null,
		claimed_by text, claim_expires_at timestamptz, available_at timestamptz not null, wake_event text,
		event_payload jsonb, started_at timestamptz, completed_at timestamptz, failed_at timestamptz, result jsonb,
		failure_reason jsonb, created_at timestamptz not null default now());
	create index r_old_sai on absurd.r_old (state, available_at);
	create index r_old_ti on absurd.r_old (task_id);
	create table absurd.c_old (task_id uuid not null, checkpoint_name text not null, state jsonb,
		status text not null default 'committed', owner_run_id uuid, updated_at timestamptz not null default now(),
		primary key (task_id, checkpoint_name));
	create table absurd.e_old (event_name text primary key, payload jsonb, emitted_at timestamptz not null default now());
	create table absurd.w_old (task_id uuid not null, run_id uuid not null, step_name text not null, event_name text not null,
		timeout_at timestamptz, created_at timestamptz not null default now(), primary key (run_id, step_name));
	create index w_old_eni on absurd.w_old (event_name)`;
