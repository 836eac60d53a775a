-- What wakes up next in a queue: sleeping runs in the order in which they become due, with the reason.
-- Answers rows of run_id, task_id, attempt, due_at, kind (retry, timer, timeout of an event), wake_event, task_name,
-- max_attempts.
-- Parameters: rows (how many).
-- Served by r_Q_sai (state, available_at) from this minute on, and the primary key of t_Q after the limit. Bounded by
-- `rows`; waits without a timeout (infinity) never wake up by themselves and are left out.
with soonest as materialized (
  select
    run.run_id,
    run.task_id,
    run.attempt,
    run.available_at,
    run.wake_event,
    run.started_at
  from absurd.:"r_table" as run
  where run.state = 'sleeping'
    and run.available_at >= (select absurd.current_time()) - interval '1 minute'
    and run.available_at < 'infinity'
  order by run.available_at
  limit :'rows'::int
)
select
  soonest.run_id,
  soonest.task_id,
  soonest.attempt,
  soonest.available_at as due_at,
  case
    when soonest.wake_event is not null then 'timeout'
    when soonest.started_at is null then 'retry'
    else 'timer'
  end as kind,
  soonest.wake_event,
  task.task_name,
  task.max_attempts
from soonest
left join lateral (
  select
    found.task_name,
    found.max_attempts
  from absurd.:"t_table" as found
  where found.task_id = soonest.task_id
  limit 1
) as task on true
order by soonest.available_at, soonest.run_id
