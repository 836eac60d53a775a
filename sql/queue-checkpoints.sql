-- The newest checkpoint of each given task and how many it has, for the claims on screen (at most 5 tasks a tick).
-- Answers a row a task; checkpoints is capped at `rows`, and beyond it the newest is not known.
-- Parameters: tasks (ids), rows (20,001). Served by the primary key of c_Q (task_id, checkpoint_name): reads all
-- checkpoints of the task, so the client asks again only when the lease moved.
select
  given.task_id,
  found.checkpoints,
  found.checkpoint_name,
  found.updated_at
from unnest(:'tasks'::text[]::uuid[]) as given(task_id)
cross join lateral (
  select
    count(*)::int as checkpoints,
    (array_agg(saved.checkpoint_name order by saved.updated_at desc, saved.checkpoint_name))[1] as checkpoint_name,
    max(saved.updated_at) as updated_at
  from (
    select
      checkpoint.checkpoint_name,
      checkpoint.updated_at
    from absurd.:"c_table" as checkpoint
    where checkpoint.task_id = given.task_id
    order by checkpoint.checkpoint_name
    limit :'rows'::int
  ) as saved
) as found
