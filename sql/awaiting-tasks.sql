-- The tasks of one queue that have awaited the result of a task: they hold a checkpoint that is named after it. Looked for
-- among the checkpoints of the tasks spawned just before it (ids are in order of time), as no index knows the names.
-- Parameters: task (the awaited one), step (name of the checkpoint), rows (checkpoints looked at).
-- Served by the primary key of c_Q (task_id, checkpoint_name), backwards from that id, and that of t_Q; bounded by `rows`.
with near as materialized (
  select checkpoint.task_id, checkpoint.checkpoint_name
  from absurd.:"c_table" as checkpoint
  where checkpoint.task_id < :'task'::uuid
  order by checkpoint.task_id desc
  limit :'rows'::int
),
awaiting as (
  select near.task_id
  from near
  where near.checkpoint_name = :'step'::text
    or starts_with(near.checkpoint_name, :'step'::text || '#')
  limit 10
)
select
  task.task_id,
  task.task_name,
  task.state,
  task.enqueue_at,
  task.last_attempt_run,
  null::text as key
from awaiting
join lateral (
  select
    found.task_id,
    found.task_name,
    found.state,
    found.enqueue_at,
    found.last_attempt_run
  from absurd.:"t_table" as found
  where found.task_id = awaiting.task_id
  limit 1
) as task on true
