-- When the longest kept of the oldest tasks came to its end. Answers one row; null when none of them is over.
-- Parameters: rows (how many of the oldest tasks are looked at).
-- Served by the primary keys of t_Q (an id begins with its time) and r_Q; bounded by `rows`.
with oldest as materialized (
  select
    task.state,
    task.cancelled_at,
    task.last_attempt_run
  from absurd.:"t_table" as task
  order by task.task_id
  limit :'rows'::int
),
ended as (
  select
    coalesce(oldest.cancelled_at, run.completed_at, run.failed_at) as finished_at
  from oldest
  left join lateral (
    select
      last_run.completed_at,
      last_run.failed_at
    from absurd.:"r_table" as last_run
    where last_run.run_id = oldest.last_attempt_run
    limit 1
  ) as run on true
  where oldest.state in ('completed', 'failed', 'cancelled')
)
select
  min(ended.finished_at) as finished_at
from ended
