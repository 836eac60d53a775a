-- How long the runs that were claimed first have been in the step that they run now, and how long finished runs of that
-- name took from the same point to their next checkpoint (or to their end): median and longest, in milliseconds.
-- Answers a row for each of these runs: run_id, task_id, task_name, after_step (the step that was saved last in this leg,
-- null when none was), since, probable_step (what came next most often, null for the end), usual, longest, samples.
-- Which step runs is a guess: Absurd records a step when it is saved. Waits for a task or an event count as one step
-- each, whatever they wait for; a run whose lease is over is left out: its worker is gone.
-- Parameters: looked (oldest claims looked at), running (how many of them are compared), rows (newest completed and
-- newest failed runs compared with), steps (checkpoints of each run).
-- Served by r_Q_sai (state, available_at) in order, then by the primary keys of t_Q and c_Q; bounded by
-- looked + (running + rows) x steps.
with claimed as materialized (
  select
    run.run_id,
    run.task_id,
    run.started_at,
    run.available_at,
    run.claim_expires_at
  from absurd.:"r_table" as run
  where run.state = 'running'
  order by run.available_at
  limit :'looked'::int
),
running as materialized (
  select
    claimed.run_id,
    claimed.task_id,
    claimed.started_at
  from claimed
  where claimed.claim_expires_at is null
    or claimed.claim_expires_at > (select absurd.current_time())
  order by claimed.available_at
  limit :'running'::int
),
completed as materialized (
  select
    run.run_id,
    run.task_id,
    run.started_at,
    run.completed_at as ended_at
  from absurd.:"r_table" as run
  where run.state = 'completed'
  order by run.available_at desc
  limit :'rows'::int
),
failed as materialized (
  select
    run.run_id,
    run.task_id,
    run.started_at,
    run.failed_at as ended_at,
    run.failure_reason
  from absurd.:"r_table" as run
  where run.state = 'failed'
  order by run.available_at desc
  limit :'rows'::int
),
finished as materialized (
  select run_id, task_id, started_at, ended_at
  from completed
  union all
  -- A run that timed out by itself ran so long; one whose lease ran out ended nobody knows when.
  select run_id, task_id, started_at, ended_at
  from failed
  where pg_column_size(failure_reason) < 262144
    and failure_reason ->> 'name' is distinct from '$ClaimTimeout'
),
now_running as materialized (
  select
    running.run_id,
    running.task_id,
    running.started_at,
    task.task_name,
    saved.step,
    coalesce(saved.updated_at, running.started_at) as since
  from running
  cross join lateral (
    select
      found.task_name
    from absurd.:"t_table" as found
    where found.task_id = running.task_id
    limit 1
  ) as task
  cross join lateral (
    select
      (array_agg(regexp_replace(own.checkpoint_name, '^(\$[A-Za-z]+):.*$|#[0-9]+$', '\1') order by own.updated_at desc))[1] as step,
      max(own.updated_at) as updated_at,
      count(*) as steps
    from (
      select
        checkpoint.checkpoint_name,
        checkpoint.updated_at
      from absurd.:"c_table" as checkpoint
      where checkpoint.task_id = running.task_id
      order by checkpoint.checkpoint_name
      limit :'steps'::int
    ) as own
    where own.updated_at >= running.started_at
  ) as saved
  -- Of a task with more checkpoints than are read the last one is not known.
  where saved.steps < :'steps'::int
),
legs as materialized (
  select
    finished.run_id,
    finished.task_id,
    finished.started_at,
    finished.ended_at,
    task.task_name
  from finished
  cross join lateral (
    select
      found.task_name
    from absurd.:"t_table" as found
    where found.task_id = finished.task_id
    limit 1
  ) as task
  where task.task_name in (select now_running.task_name from now_running)
),
points as (
  select
    legs.run_id,
    legs.task_name,
    null as step,
    legs.started_at as at
  from legs
  union all
  select
    legs.run_id,
    legs.task_name,
    regexp_replace(step.checkpoint_name, '^(\$[A-Za-z]+):.*$|#[0-9]+$', '\1'),
    step.updated_at
  from legs
  cross join lateral (
    select
      saved.checkpoint_name,
      saved.updated_at
    from absurd.:"c_table" as saved
    where saved.task_id = legs.task_id
    order by saved.checkpoint_name
    limit :'steps'::int
  ) as step
  where step.updated_at >= legs.started_at
    and step.updated_at <= legs.ended_at
  union all
  select
    legs.run_id,
    legs.task_name,
    '',
    legs.ended_at
  from legs
),
steps as (
  select
    points.task_name,
    points.step as after_step,
    lead(points.step) over own as next_step,
    (extract(epoch from lead(points.at) over own - points.at) * 1000)::float8 as took
  from points
  window own as (partition by points.run_id order by points.at, points.step nulls first)
),
usual as (
  select
    steps.task_name,
    steps.after_step,
    mode() within group (order by steps.next_step) as next_step,
    percentile_cont(0.5) within group (order by steps.took) as median,
    max(steps.took) as longest,
    count(*)::int as samples
  from steps
  where steps.took is not null
  group by steps.task_name, steps.after_step
)
select
  now_running.run_id,
  now_running.task_id,
  now_running.task_name,
  now_running.step as after_step,
  now_running.since,
  nullif(usual.next_step, '') as probable_step,
  usual.median as usual,
  usual.longest,
  usual.samples
from now_running
join usual
  on usual.task_name = now_running.task_name
  and usual.after_step is not distinct from now_running.step
order by now_running.since
limit :'running'::int
