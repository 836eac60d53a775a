-- What became of runs that were being executed when last seen: found by key because their claim lies too far back for
-- the range that queue-finished reads. Answers rows as queue-failures does, for each run that still exists.
-- Parameters: runs (ids, at most 500). Served by the primary keys of r_Q and t_Q: one probe each for a run.
select
  run.state,
  run.run_id,
  run.task_id,
  run.attempt,
  run.claimed_by,
  run.available_at as claimed_at,
  run.claim_expires_at,
  coalesce(run.completed_at, run.failed_at) as finished_at,
  case when pg_column_size(run.failure_reason) < 262144 then left(run.failure_reason ->> 'name', 80) end
    as error_name,
  case when pg_column_size(run.failure_reason) < 262144 then left(run.failure_reason ->> 'message', 300) end
    as error_message,
  pg_column_size(run.failure_reason) as reason_bytes,
  task.task_name,
  task.max_attempts,
  task.state as task_state,
  task.last_attempt_run = run.run_id as is_last
from unnest(:'runs'::text[]::uuid[]) as given(run_id)
cross join lateral (
  select
    ended.run_id,
    ended.task_id,
    ended.attempt,
    ended.state,
    ended.claimed_by,
    ended.available_at,
    ended.claim_expires_at,
    ended.completed_at,
    ended.failed_at,
    ended.failure_reason
  from absurd.:"r_table" as ended
  where ended.run_id = given.run_id
  limit 1
) as run
left join lateral (
  select
    found.task_name,
    found.max_attempts,
    found.state,
    found.last_attempt_run
  from absurd.:"t_table" as found
  where found.task_id = run.task_id
  limit 1
) as task on true
