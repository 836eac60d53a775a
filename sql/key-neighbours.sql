-- The tasks whose idempotency keys stand next to one in the order of the index, before and after it: where keys carry a
-- date or a number these are the runs before and after. Not for partitioned queues: their keys are in i_Q.
-- Parameters: key, rows (each way).
-- Served by the unique index on t_Q.idempotency_key (since 0.0.6), in order; bounded by `rows` each way.
(
  select
    task.task_id,
    task.task_name,
    task.state,
    task.enqueue_at,
    task.last_attempt_run,
    task.idempotency_key as key
  from absurd.:"t_table" as task
  where task.idempotency_key < :'key'::text
  order by task.idempotency_key desc
  limit :'rows'::int
)
union all
(
  select
    task.task_id,
    task.task_name,
    task.state,
    task.enqueue_at,
    task.last_attempt_run,
    task.idempotency_key as key
  from absurd.:"t_table" as task
  where task.idempotency_key > :'key'::text
  order by task.idempotency_key
  limit :'rows'::int
)
