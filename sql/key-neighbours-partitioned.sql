-- The tasks whose idempotency keys stand next to one in the order of the index, in a partitioned queue.
-- Parameters: key, rows (each way).
-- Served by the primary key of i_Q in order and that of t_Q (0.4.0 brought both); bounded by `rows` each way.
with taken as materialized (
  (
    select before.idempotency_key, before.task_id
    from absurd.:"i_table" as before
    where before.idempotency_key < :'key'::text
    order by before.idempotency_key desc
    limit :'rows'::int
  )
  union all
  (
    select after.idempotency_key, after.task_id
    from absurd.:"i_table" as after
    where after.idempotency_key > :'key'::text
    order by after.idempotency_key
    limit :'rows'::int
  )
)
select
  task.task_id,
  task.task_name,
  task.state,
  task.enqueue_at,
  task.last_attempt_run,
  taken.idempotency_key as key
from taken
join lateral (
  select
    found.task_id,
    found.task_name,
    found.state,
    found.enqueue_at,
    found.last_attempt_run
  from absurd.:"t_table" as found
  where found.task_id = taken.task_id
  limit 1
) as task on true
