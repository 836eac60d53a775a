-- Cancels a task; a task that has ended stays as it is, without an error. Answers one row: when this call began, so
-- that an earlier cancelled_at is told to be somebody else's.
-- Parameters: queue, task_id. (0.0.5 brought the function.)
-- Writes; the function finds the task by its primary key and its runs by the index on task_id.
select
  (select absurd.current_time()) as began,
  absurd.cancel_task(:'queue'::text, :'task_id'::uuid)::text as done
