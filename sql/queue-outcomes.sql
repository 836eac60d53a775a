-- What has become of the tasks whose failures are listed: somebody may have retried or cancelled them since.
-- Parameters: tasks (ids, at most 200). Served by the primary key of t_Q: one probe a task.
select
  task.task_id,
  task.state,
  task.last_attempt_run
from unnest(:'tasks'::text[]::uuid[]) as given(task_id)
cross join lateral (
  select
    found.task_id,
    found.state,
    found.last_attempt_run
  from absurd.:"t_table" as found
  where found.task_id = given.task_id
  limit 1
) as task
