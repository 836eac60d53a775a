-- The task that has an idempotency key. Answers one row or none. Not for partitioned queues: theirs are in i_Q.
-- Parameters: key.
-- Served by the unique index on t_Q.idempotency_key (since 0.0.6); bounded by one row.
select
  task.task_id::text as task_id,
  task.state
from absurd.:"t_table" as task
where task.idempotency_key = :'key'::text
limit 1
