-- The checkpoints of the newest finished tasks of one name: in which order its steps usually come.
-- Parameters: name (of the task), rows (finished runs looked at), tasks (at most so many of that name).
-- Served by r_Q_sai (state, available_at) in descending order, then the primary keys of t_Q and c_Q; bounded by `rows`
-- runs and 501 checkpoints a task.
with finished as materialized (
  select run.task_id
  from absurd.:"r_table" as run
  where run.state = 'completed'
  order by run.available_at desc
  limit :'rows'::int
),
same as materialized (
  select finished.task_id
  from finished
  join lateral (
    select found.task_name
    from absurd.:"t_table" as found
    where found.task_id = finished.task_id
    limit 1
  ) as task on task.task_name = :'name'::text
  limit :'tasks'::int
)
select
  same.task_id,
  step.checkpoint_name,
  step.owner_run_id,
  step.updated_at
from same
cross join lateral (
  select
    checkpoint.checkpoint_name,
    checkpoint.owner_run_id,
    checkpoint.updated_at
  from absurd.:"c_table" as checkpoint
  where checkpoint.task_id = same.task_id
  order by checkpoint.checkpoint_name
  limit 501
) as step
order by same.task_id, step.updated_at, step.checkpoint_name
