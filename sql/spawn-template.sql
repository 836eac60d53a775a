-- What a task was spawned with, for the form that spawns another one like it. Answers one row, or none when there is no
-- such task. Documents come as text, so that every digit stays; null where they are too long for a form (too_long).
-- Parameters: task_id, longest (characters).
-- Served by the primary key of t_Q; one task.
select
  task.task_name,
  case when pg_column_size(task.params) < 262144 and length(task.params::text) <= :'longest'::int then task.params::text end as params,
  case when pg_column_size(task.headers) < 262144 and length(task.headers::text) <= :'longest'::int then task.headers::text end as headers,
  (
    case when pg_column_size(task.params) < 262144 then length(task.params::text) > :'longest'::int else true end
    or case
      when task.headers is null then false
      when pg_column_size(task.headers) < 262144 then length(task.headers::text) > :'longest'::int
      else true
    end
  ) as too_long,
  task.max_attempts,
  task.retry_strategy ->> 'kind' as retry_kind,
  task.retry_strategy ->> 'base_seconds' as base_seconds,
  task.retry_strategy ->> 'factor' as factor,
  task.retry_strategy ->> 'max_seconds' as max_seconds,
  task.cancellation ->> 'max_delay' as max_delay,
  task.cancellation ->> 'max_duration' as max_duration
from absurd.:"t_table" as task
where task.task_id = :'task_id'::uuid
limit 1
