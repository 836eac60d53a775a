-- One task with its documents: identity, state, times, policy.
-- Documents come as their stored size and, up to 64 kB stored, as text; of larger ones up to 4 MB only the head.
-- Parameters: task (id), documents (false = sizes only: the client has the texts, they never change).
-- Served by the primary key of t_Q: one probe. idempotency_key came with release 0.0.6 and tenant_id is another
-- client's, so these two names are not qualified: where the table lacks the column they mean that of `absent`, which is null.
select
  (select absurd.current_time()) as now,
  found.task_id,
  found.task_name,
  found.state,
  found.attempts,
  found.max_attempts,
  found.enqueue_at,
  found.first_started_at,
  found.cancelled_at,
  found.last_attempt_run,
  found.idempotency_key,
  found.tenant_id,
  pg_column_size(found.params) as params_bytes,
  case
    when not :'documents'::boolean then null
    when pg_column_size(found.params) <= 65536 then left(found.params::text, 262145)
    when pg_column_size(found.params) <= 4194304 then left(found.params::text, 16384)
  end as params_text,
  pg_column_size(found.headers) as headers_bytes,
  case
    when not :'documents'::boolean then null
    when pg_column_size(found.headers) <= 65536 then left(found.headers::text, 262145)
    when pg_column_size(found.headers) <= 4194304 then left(found.headers::text, 16384)
  end as headers_text,
  pg_column_size(found.retry_strategy) as retry_strategy_bytes,
  case
    when :'documents'::boolean and pg_column_size(found.retry_strategy) <= 65536
      then left(found.retry_strategy::text, 262145)
  end as retry_strategy_text,
  pg_column_size(found.cancellation) as cancellation_bytes,
  case
    when :'documents'::boolean and pg_column_size(found.cancellation) <= 65536
      then left(found.cancellation::text, 262145)
  end as cancellation_text
from (select null::text as idempotency_key, null::text as tenant_id) as absent
cross join lateral (
  select
    task.task_id,
    task.task_name,
    task.state,
    task.attempts,
    task.max_attempts,
    task.enqueue_at,
    task.first_started_at,
    task.cancelled_at,
    task.last_attempt_run,
    task.params,
    task.headers,
    task.retry_strategy,
    task.cancellation,
    idempotency_key::text as idempotency_key,
    tenant_id::text as tenant_id
  from absurd.:"t_table" as task
  where task.task_id = :'task'::uuid
  limit 1
) as found
