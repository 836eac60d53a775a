-- Tasks that are put off for some seconds again and again without a step being done: what workers do with a task whose
-- name none of them knows. Answers a row a task, the first claimed ones first.
-- Parameters: rows (how many of the soonest sleepers are looked at), steps (how many checkpoints of each).
-- Served by r_Q_sai (state, available_at) in order, then by the primary keys of t_Q and c_Q; bounded by rows x steps.
with clock as materialized (
  select
    (select absurd.current_time()) as now
),
sleepers as materialized (
  select
    run.run_id,
    run.task_id,
    run.wake_event,
    run.started_at,
    run.available_at
  from absurd.:"r_table" as run
  where run.state = 'sleeping'
    and run.available_at >= (select now from clock) - interval '1 minute'
    and run.available_at <= (select now from clock) + interval '32 seconds'
  order by run.available_at
  limit :'rows'::int
)
select
  sleepers.run_id,
  sleepers.task_id,
  task.task_name,
  task.first_started_at as since
from sleepers
cross join lateral (
  select
    found.task_name,
    found.first_started_at
  from absurd.:"t_table" as found
  where found.task_id = sleepers.task_id
  limit 1
) as task
where sleepers.wake_event is null
  and sleepers.started_at is not null
  and sleepers.available_at - sleepers.started_at between interval '14 seconds' and interval '32 seconds'
  and not exists (
    select 1
    from (
      select
        saved.updated_at
      from absurd.:"c_table" as saved
      where saved.task_id = sleepers.task_id
      limit :'steps'::int
    ) as step
    where step.updated_at >= sleepers.started_at
  )
order by task.first_started_at
