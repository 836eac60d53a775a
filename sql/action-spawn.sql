-- Spawns a task, or answers the one that has the idempotency key already (created = false, since 0.0.6).
-- Parameters: queue, task_name, params (JSON), headers, retry_strategy, cancellation (JSON or null), max_attempts
-- (null = unlimited), idempotency_key (or null). Only what is given becomes part of the options.
-- Writes; the function looks an idempotency key up by its unique index.
select
  made.task_id::text as task_id,
  made.run_id::text as run_id,
  made.attempt,
  coalesce((to_jsonb(made) ->> 'created')::boolean, true) as created
from absurd.spawn_task(
  :'queue'::text,
  :'task_name'::text,
  :'params'::text::jsonb,
  case when :'headers'::text is null then '{}' else jsonb_build_object('headers', :'headers'::text::jsonb) end
    || case when :'max_attempts'::int is null then '{}' else jsonb_build_object('max_attempts', :'max_attempts'::int) end
    || case
      when :'retry_strategy'::text is null then '{}'
      else jsonb_build_object('retry_strategy', :'retry_strategy'::text::jsonb)
    end
    || case
      when :'cancellation'::text is null then '{}'
      else jsonb_build_object('cancellation', :'cancellation'::text::jsonb)
    end
    || case
      when :'idempotency_key'::text is null then '{}'
      else jsonb_build_object('idempotency_key', :'idempotency_key'::text)
    end
) as made
