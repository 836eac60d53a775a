-- Name, state and age of some tasks of one queue, for links to them; those that are not there are left out.
-- Parameters: tasks (ids, at most 100 are answered).
-- Served by the primary key of t_Q: one probe each.
select
  task.task_id,
  task.task_name,
  task.state,
  task.enqueue_at,
  task.last_attempt_run,
  null::text as key
from absurd.:"t_table" as task
where task.task_id = any(:'tasks'::uuid[])
limit 100
