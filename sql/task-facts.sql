-- What a dialog must know of one task: its state, attempts and policy, its newest run, and how many checkpoints it has.
-- Answers one row, or none when there is no such task.
-- Parameters: task_id.
-- Served by the primary keys of t_Q, r_Q and c_Q; bounded by one task, one run and 1,001 checkpoints.
select
  (select absurd.current_time()) as now,
  task.task_id::text as task_id,
  task.task_name,
  task.state,
  task.attempts,
  task.max_attempts,
  task.enqueue_at,
  task.first_started_at,
  task.cancelled_at,
  (task.cancellation ->> 'max_duration')::text as max_duration,
  (task.retry_strategy ->> 'kind')::text as retry_kind,
  run.run_id::text as run_id,
  run.attempt,
  run.state as run_state,
  run.claimed_by,
  run.claim_expires_at,
  run.available_at,
  run.started_at,
  run.wake_event,
  run.failed_at,
  case when pg_column_size(run.failure_reason) < 262144 then left(run.failure_reason ->> 'name', 80) end as error_name,
  (
    select count(*)::int
    from (
      select 1
      from absurd.:"c_table" as checkpoint
      where checkpoint.task_id = :'task_id'::uuid
      order by checkpoint.task_id, checkpoint.checkpoint_name
      limit 1001
    ) as counted
  ) as checkpoints
from absurd.:"t_table" as task
left join lateral (
  select
    newest.run_id,
    newest.attempt,
    newest.state,
    newest.claimed_by,
    newest.claim_expires_at,
    newest.available_at,
    newest.started_at,
    newest.wake_event,
    newest.failed_at,
    newest.failure_reason
  from absurd.:"r_table" as newest
  where newest.run_id = task.last_attempt_run
  limit 1
) as run on true
where task.task_id = :'task_id'::uuid
limit 1
