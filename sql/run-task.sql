-- One task with its documents: identity, state, times, policy.
-- Documents come as their stored size and, up to 64 kB stored, as text; of larger ones up to 4 MB only the head.
-- Parameters: task (id), documents (false = sizes only: the client has the texts, they never change).
-- Served by the primary key of t_Q: one probe. idempotency_key came with release 0.0.6 and tenant_id belongs to another
-- client, so both names fall through to the outer `absent` where the table lacks the column.
select
  (select absurd.current_time()) as now,
  task.task_id,
  task.task_name,
  task.state,
  task.attempts,
  task.max_attempts,
  task.enqueue_at,
  task.first_started_at,
  task.cancelled_at,
  task.last_attempt_run,
  (select idempotency_key::text from (select task.*) as present) as idempotency_key,
  (select tenant_id::text from (select task.*) as present) as tenant_id,
  pg_column_size(task.params) as params_bytes,
  case
    when not :'documents'::boolean then null
    when pg_column_size(task.params) <= 65536 then left(task.params::text, 262145)
    when pg_column_size(task.params) <= 4194304 then left(task.params::text, 16384)
  end as params_text,
  pg_column_size(task.headers) as headers_bytes,
  case
    when not :'documents'::boolean then null
    when pg_column_size(task.headers) <= 65536 then left(task.headers::text, 262145)
    when pg_column_size(task.headers) <= 4194304 then left(task.headers::text, 16384)
  end as headers_text,
  pg_column_size(task.retry_strategy) as retry_strategy_bytes,
  case
    when :'documents'::boolean and pg_column_size(task.retry_strategy) <= 65536
      then left(task.retry_strategy::text, 262145)
  end as retry_strategy_text,
  pg_column_size(task.cancellation) as cancellation_bytes,
  case
    when :'documents'::boolean and pg_column_size(task.cancellation) <= 65536
      then left(task.cancellation::text, 262145)
  end as cancellation_text
from (select null::text as idempotency_key, null::text as tenant_id) as absent
cross join absurd.:"t_table" as task
where task.task_id = :'task'::uuid
