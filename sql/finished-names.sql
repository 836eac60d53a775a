-- The runs of a queue that finished after an instant, with their task name, how long the last leg took and, for first
-- attempts, how long the task had waited to be picked up: the newest by claim of those that finished until an instant.
-- What finished less than `settle` ago is left out: something earlier may still appear.
-- Answers at least one row: settled_until, full (more was there than was read), oldest_claim of what was read, and of each
-- run state, task_name, ran (ms), picked_up (ms, null but for first attempts).
-- Parameters: finished_until, settle (ms), rows (of each state).
-- Served by r_Q_sai (state, available_at), newest claims first, and the primary key of t_Q after the limit; bounded by
-- `rows` entries a state.
with clock as materialized (
  select read.now - make_interval(secs => :'settle'::float8 / 1000) as settled_until
  from (
    -- Absurd's time when the transaction began, before its snapshot: later than that something may be invisible.
    select (select absurd.current_time()) - (clock_timestamp() - now()) as now
  ) as read
),
completed as materialized (
  select
    run.task_id,
    run.attempt,
    run.available_at,
    run.completed_at as finished_at
  from absurd.:"r_table" as run
  where run.state = 'completed'
    and run.available_at <= :'finished_until'::timestamptz
  order by run.available_at desc
  limit :'rows'::int
),
failed as materialized (
  select
    run.task_id,
    run.attempt,
    run.available_at,
    run.failed_at as finished_at
  from absurd.:"r_table" as run
  where run.state = 'failed'
    and run.available_at <= :'finished_until'::timestamptz
  order by run.available_at desc
  limit :'rows'::int
),
finished as materialized (
  select 'completed' as state, task_id, attempt, available_at, finished_at
  from completed
  union all
  select 'failed', task_id, attempt, available_at, finished_at
  from failed
),
counted as materialized (
  select
    finished.state,
    date_part('epoch', finished.finished_at - finished.available_at) * 1000 as ran,
    task.task_name,
    case
      when finished.attempt = 1 then date_part('epoch', task.first_started_at - task.enqueue_at) * 1000
    end as picked_up
  from finished
  cross join lateral (
    select
      found.task_name,
      found.first_started_at,
      found.enqueue_at
    from absurd.:"t_table" as found
    where found.task_id = finished.task_id
    limit 1
  ) as task
  where finished.finished_at <= :'finished_until'::timestamptz
    and finished.finished_at <= (select settled_until from clock)
),
totals as (
  select
    (select count(*) from completed) >= :'rows'::int or (select count(*) from failed) >= :'rows'::int as is_full,
    (
      select greatest(
        case when (select count(*) from completed) >= :'rows'::int then (select min(available_at) from completed) end,
        case when (select count(*) from failed) >= :'rows'::int then (select min(available_at) from failed) end
      )
    ) as oldest_claim
)
select
  clock.settled_until,
  totals.is_full,
  totals.oldest_claim,
  counted.state,
  counted.task_name,
  counted.ran,
  counted.picked_up
from clock
cross join totals
left join counted on true
