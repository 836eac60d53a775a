-- The task that has an idempotency key in a partitioned queue. Answers one row or none.
-- Parameters: key.
-- Served by the primary keys of i_Q and t_Q (0.4.0 brought both); bounded by one row.
select
  task.task_id::text as task_id,
  task.state
from (
  select taken.task_id
  from absurd.:"i_table" as taken
  where taken.idempotency_key = :'key'::text
  limit 1
) as key
join lateral (
  select
    found.task_id,
    found.state
  from absurd.:"t_table" as found
  where found.task_id = key.task_id
  limit 1
) as task on true
