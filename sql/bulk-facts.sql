-- What a bulk action must know of its tasks: their state and attempts at this moment. Answers a row for each that exists.
-- Parameters: tasks (ids, at most 1,000).
-- Served by the primary key of t_Q: one probe each for a task.
select
  (select absurd.current_time()) as now,
  task.task_id::text as task_id,
  task.task_name,
  task.state,
  task.attempts,
  task.cancelled_at
from unnest(:'tasks'::text[]::uuid[]) as given (task_id)
cross join lateral (
  select
    found.task_id,
    found.task_name,
    found.state,
    found.attempts,
    found.cancelled_at
  from absurd.:"t_table" as found
  where found.task_id = given.task_id
  limit 1
) as task
