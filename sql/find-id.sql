-- Whether an id is that of a task or of a run of one queue, and the run to show: the task's last one, or that run.
-- Parameters: id. Served by the primary key of t_Q and that of r_Q: one probe each.
(
  select
    task.task_id,
    task.last_attempt_run as run_id
  from absurd.:"t_table" as task
  where task.task_id = :'id'::uuid
  limit 1
)
union all
(
  select
    run.task_id,
    run.run_id
  from absurd.:"r_table" as run
  where run.run_id = :'id'::uuid
  limit 1
)
