-- The events that a task's last run waits for. Later releases may allow several waits at a time.
-- Parameters: task (id).
-- Served by the primary key of t_Q and that of w_Q (run_id, step_name), which every release has; at most 100 rows.
select
  wait.run_id,
  wait.step_name,
  wait.event_name,
  wait.timeout_at,
  wait.created_at
from absurd.:"w_table" as wait
where wait.run_id = (
  select
    task.last_attempt_run
  from absurd.:"t_table" as task
  where task.task_id = :'task'::uuid
  limit 1
)
order by wait.step_name
limit 100
