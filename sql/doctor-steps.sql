-- How long each step took in the newest finished runs of a task name and in those before: medians in milliseconds.
-- A step's time goes from the checkpoint before it, or from the claim, to its own; waits for events and tasks are no steps.
-- Parameters: rows (newest completed runs looked at), steps (checkpoints of each), newest (runs of a name that count as recent).
-- Served by r_Q_sai (state, available_at) in order, then by the primary keys of t_Q and c_Q; bounded by rows x steps.
with runs as materialized (
  select
    run.run_id,
    run.task_id,
    run.available_at,
    run.started_at
  from absurd.:"r_table" as run
  where run.state = 'completed'
  order by run.available_at desc
  limit :'rows'::int
),
named as (
  select
    runs.run_id,
    runs.task_id,
    runs.started_at,
    task.task_name,
    row_number() over (partition by task.task_name order by runs.available_at desc) as place
  from runs
  cross join lateral (
    select
      found.task_name
    from absurd.:"t_table" as found
    where found.task_id = runs.task_id
    limit 1
  ) as task
),
steps as (
  select
    named.task_name,
    named.place,
    named.started_at,
    regexp_replace(step.checkpoint_name, '#[0-9]+$', '') as step,
    step.updated_at,
    lag(step.updated_at) over (partition by named.run_id order by step.updated_at) as before_at
  from named
  cross join lateral (
    select
      saved.checkpoint_name,
      saved.updated_at
    from absurd.:"c_table" as saved
    where saved.task_id = named.task_id
    limit :'steps'::int
  ) as step
),
durations as (
  select
    steps.task_name,
    steps.step,
    steps.place <= :'newest'::int as is_recent,
    (extract(epoch from steps.updated_at - greatest(steps.before_at, steps.started_at)) * 1000)::float8 as duration
  from steps
  where steps.updated_at >= steps.started_at
    and steps.step not like '$%'
)
select
  durations.task_name,
  durations.step,
  percentile_cont(0.5) within group (order by durations.duration) filter (where durations.is_recent) as recent,
  (count(*) filter (where durations.is_recent))::int as recent_samples,
  percentile_cont(0.5) within group (order by durations.duration) filter (where not durations.is_recent) as earlier,
  (count(*) filter (where not durations.is_recent))::int as earlier_samples
from durations
group by durations.task_name, durations.step
having count(*) filter (where durations.is_recent) > 0
  and count(*) filter (where not durations.is_recent) > 0
order by recent desc
limit 100
