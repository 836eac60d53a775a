-- Retries a failed task: in place, or as a new task when options say so. Answers the task and run that follow.
-- Parameters: queue, task_id, options (JSON object: spawn_new, max_attempts; 0.2.0 brought the function).
-- Writes; the function finds the task by its primary key.
select
  made.task_id::text as task_id,
  made.run_id::text as run_id,
  made.attempt,
  made.created
from absurd.retry_task(:'queue'::text, :'task_id'::uuid, :'options'::jsonb) as made
