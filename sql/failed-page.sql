-- A page of a queue's failed attempts, newest claims first, with what became of their task.
-- Parameters: claimed_from, before_claim and before_run (the last row of the page before; 'infinity' and the highest uuid
-- for the first page), rows (how many).
-- Served by r_Q_sai (state, available_at), which knows the claim of a failed run, and the primary key of t_Q after the
-- limit. Bounded by `rows`. A reason of a quarter of a megabyte or more is not taken apart.
with page as materialized (
  select
    run.run_id,
    run.task_id,
    run.attempt,
    run.claimed_by,
    run.available_at,
    run.failed_at,
    run.failure_reason
  from absurd.:"r_table" as run
  where run.state = 'failed'
    and run.available_at >= :'claimed_from'::timestamptz
    and (run.available_at, run.run_id) < (:'before_claim'::timestamptz, :'before_run'::uuid)
  order by run.available_at desc, run.run_id desc
  limit :'rows'::int
)
select
  page.run_id,
  page.task_id,
  page.attempt,
  page.claimed_by,
  page.available_at as claimed_at,
  page.failed_at,
  case when pg_column_size(page.failure_reason) < 262144 then left(page.failure_reason ->> 'name', 80) end as error_name,
  case when pg_column_size(page.failure_reason) < 262144 then left(page.failure_reason ->> 'message', 300) end
    as error_message,
  pg_column_size(page.failure_reason) as reason_bytes,
  task.task_name,
  task.max_attempts,
  task.state as task_state,
  task.last_attempt_run = page.run_id as is_last
from page
left join lateral (
  select
    found.task_name,
    found.max_attempts,
    found.state,
    found.last_attempt_run
  from absurd.:"t_table" as found
  where found.task_id = page.task_id
  limit 1
) as task on true
order by page.available_at desc, page.run_id desc
