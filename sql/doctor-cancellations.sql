-- Live tasks whose own policy cancels them before an hour has passed, or should have: which clock, and when it strikes.
-- Parameters: rows (how many runs of each state are looked at).
-- Served by r_Q_sai (state, available_at) in order, a limit for each state, then by the primary key of t_Q.
with live as materialized (
  (
    select run.run_id, run.task_id
    from absurd.:"r_table" as run
    where run.state = 'running'
    order by run.available_at
    limit :'rows'::int
  )
  union all
  (
    select run.run_id, run.task_id
    from absurd.:"r_table" as run
    where run.state = 'pending'
    order by run.available_at
    limit :'rows'::int
  )
  union all
  (
    select run.run_id, run.task_id
    from absurd.:"r_table" as run
    where run.state = 'sleeping'
    order by run.available_at desc
    limit :'rows'::int
  )
),
clocks as (
  select
    live.run_id,
    live.task_id,
    task.task_name,
    case when task.first_started_at is null then 'max_delay' else 'max_duration' end as policy,
    coalesce(task.first_started_at, task.enqueue_at) as since,
    case
      when jsonb_typeof(task.cancellation -> 'max_delay') = 'number' and task.first_started_at is null
        then (task.cancellation ->> 'max_delay')::float8
      when jsonb_typeof(task.cancellation -> 'max_duration') = 'number' and task.first_started_at is not null
        then (task.cancellation ->> 'max_duration')::float8
    end as seconds
  from live
  cross join lateral (
    select
      found.task_name,
      found.first_started_at,
      found.enqueue_at,
      found.cancellation
    from absurd.:"t_table" as found
    where found.task_id = live.task_id
    limit 1
  ) as task
  where task.cancellation is not null
)
select
  clocks.run_id,
  clocks.task_id,
  clocks.task_name,
  clocks.policy,
  clocks.seconds * 1000 as limit_ms,
  clocks.since + clocks.seconds * interval '1 second' as strikes_at
from clocks
where clocks.seconds between 0 and 1e9
  and clocks.since + clocks.seconds * interval '1 second' < (select absurd.current_time()) + interval '1 hour'
order by strikes_at
limit 50
