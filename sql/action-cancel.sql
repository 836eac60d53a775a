-- Cancels a task; a task that has ended stays as it is, without an error. Answers one row that says nothing.
-- Parameters: queue, task_id. (0.0.5 brought the function.)
-- Writes; the function finds the task by its primary key and its runs by the index on task_id.
select
  absurd.cancel_task(:'queue'::text, :'task_id'::uuid)::text as done
