-- The newest failed attempts by when they failed, among the `rows` newest by claim, with what became of their task.
-- Parameters: claimed_from ('-infinity' at the start), failed_after, rows (how many index entries), kept (how many rows).
-- Served by r_Q_sai (state, available_at), newest claims first, and the primary key of t_Q after both limits.
-- Bounded by `rows`. A reason of a quarter of a megabyte or more is not taken apart.
with newest as materialized (
  select
    run.run_id,
    run.task_id,
    run.attempt,
    run.claimed_by,
    run.available_at,
    run.claim_expires_at,
    run.failed_at,
    run.failure_reason
  from absurd.:"r_table" as run
  where run.state = 'failed'
    and run.available_at >= :'claimed_from'::timestamptz
  order by run.available_at desc
  limit :'rows'::int
),
kept as materialized (
  select
    newest.run_id,
    newest.task_id,
    newest.attempt,
    newest.claimed_by,
    newest.available_at,
    newest.claim_expires_at,
    newest.failed_at,
    newest.failure_reason
  from newest
  where newest.failed_at > :'failed_after'::timestamptz
  order by newest.failed_at desc
  limit :'kept'::int
)
select
  'failed' as state,
  kept.run_id,
  kept.task_id,
  kept.attempt,
  kept.claimed_by,
  kept.available_at as claimed_at,
  kept.claim_expires_at,
  kept.failed_at as finished_at,
  case when pg_column_size(kept.failure_reason) < 262144 then left(kept.failure_reason ->> 'name', 80) end
    as error_name,
  case when pg_column_size(kept.failure_reason) < 262144 then left(kept.failure_reason ->> 'message', 300) end
    as error_message,
  pg_column_size(kept.failure_reason) as reason_bytes,
  task.task_name,
  task.max_attempts,
  task.state as task_state,
  task.last_attempt_run = kept.run_id as is_last
from kept
left join lateral (
  select
    found.task_name,
    found.max_attempts,
    found.state,
    found.last_attempt_run
  from absurd.:"t_table" as found
  where found.task_id = kept.task_id
  limit 1
) as task on true
order by kept.failed_at desc
