-- Tasks that pass a filter, newest first, among the next `rows` of a queue's tasks: one page.
-- The first row tells how far it looked (looked, last_id); task_id is null where nothing passed.
-- Parameters: from_id (inclusive), before_id (exclusive): range and keyset; rows (how many to look at), matches (how many
-- to answer at most; `place` tells how far into the page the last of them stood);
-- attempts_least, attempts_most; age_least, age_most (milliseconds since it was enqueued, the latter may be null).
-- wishes: what the filter asks, a JSON array of {field, path, patterns, negated}: all must hold (negated: must not), each
-- by any of its patterns (like, whatever the case). Documents of 256 kB or more are not looked into.
-- idempotency_key came with release 0.0.6: where the table lacks it, the unqualified name means that of `absent`, null.
-- Served by the primary key of t_Q, newest first (an age is a range of ids as well, with a minute to spare), and after
-- that limit by the primary key of r_Q. Bounded by `rows`.
with wish as materialized (
  select
    asked.field,
    asked.path,
    asked.patterns,
    asked.negated
  from jsonb_to_recordset(:'wishes'::jsonb) as asked (field text, path text[], patterns text[], negated boolean)
),
bound as materialized (
  select
    case
      when :'age_least'::float8 > 0 then (lpad(to_hex(floor(extract(epoch from greatest(
        (select absurd.current_time()) + interval '1 minute' - :'age_least'::float8 * interval '1 ms',
        'epoch'::timestamptz
      )) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
      else 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid
    end as young_id,
    (lpad(to_hex(floor(extract(epoch from greatest(
      (select absurd.current_time()) - interval '1 minute' - :'age_most'::float8 * interval '1 ms',
      'epoch'::timestamptz
    )) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid as old_id
),
looked as materialized (
  select
    row_number() over (order by page.task_id desc) as place,
    page.task_id,
    page.task_name,
    page.params,
    page.headers,
    page.state,
    page.attempts,
    page.max_attempts,
    page.enqueue_at,
    page.first_started_at,
    page.last_attempt_run,
    page.idempotency_key
  from (select null::text as idempotency_key) as absent
  cross join lateral (
    select
      task.task_id,
      task.task_name,
      task.params,
      task.headers,
      task.state,
      task.attempts,
      task.max_attempts,
      task.enqueue_at,
      task.first_started_at,
      task.last_attempt_run,
      idempotency_key::text as idempotency_key
    from absurd.:"t_table" as task
    where task.task_id >= greatest(:'from_id'::uuid, (select bound.old_id from bound))
      and task.task_id < least(:'before_id'::uuid, (select bound.young_id from bound))
    order by task.task_id desc
    limit :'rows'::int
  ) as page
),
kept as materialized (
  select
    looked.place,
    looked.task_id,
    looked.task_name,
    looked.state,
    looked.attempts,
    looked.max_attempts,
    looked.enqueue_at,
    looked.first_started_at,
    looked.last_attempt_run,
    looked.idempotency_key
  from looked
  where not exists (
    select 1
    from wish
    where wish.field in ('name', 'state', 'key', 'id', 'attempts', 'params', 'headers')
      and coalesce(
        case wish.field
          when 'name' then looked.task_name
          when 'state' then looked.state
          when 'key' then looked.idempotency_key
          when 'id' then replace(looked.task_id::text, '-', '')
          when 'attempts' then looked.attempts::text
          when 'params' then case when pg_column_size(looked.params) < 262144 then looked.params #>> wish.path end
          when 'headers' then case when pg_column_size(looked.headers) < 262144 then looked.headers #>> wish.path end
        end ilike any (wish.patterns)
        or (wish.field = 'id' and replace(looked.last_attempt_run::text, '-', '') ilike any (wish.patterns)),
        false
      ) = wish.negated
    limit 1
  )
    and looked.attempts >= :'attempts_least'::int
    and looked.attempts <= :'attempts_most'::int
    and looked.enqueue_at <= (select absurd.current_time()) - :'age_least'::float8 * interval '1 ms'
    and (:'age_most'::float8 is null
      or looked.enqueue_at >= (select absurd.current_time()) - :'age_most'::float8 * interval '1 ms')
),
found as (
  select
    kept.place,
    kept.task_id,
    kept.task_name,
    kept.state,
    kept.attempts,
    kept.max_attempts,
    kept.enqueue_at,
    kept.first_started_at,
    kept.last_attempt_run,
    kept.idempotency_key,
    run.claimed_by,
    run.claim_expires_at,
    run.available_at,
    run.started_at,
    run.completed_at,
    run.failed_at,
    run.wake_event,
    run.error_name,
    run.error_message
  from kept
  left join lateral (
    select
      found.run_id,
      found.claimed_by,
      found.claim_expires_at,
      found.available_at,
      found.started_at,
      found.completed_at,
      found.failed_at,
      found.wake_event,
      case when pg_column_size(found.failure_reason) < 262144 then left(found.failure_reason ->> 'name', 80) end
        as error_name,
      case when pg_column_size(found.failure_reason) < 262144 then left(found.failure_reason ->> 'message', 300) end
        as error_message
    from absurd.:"r_table" as found
    where found.run_id = kept.last_attempt_run
    limit 1
  ) as run on true
  where not exists (
    select 1
    from wish
    where wish.field in ('worker', 'error', 'word')
      and coalesce(
        case wish.field
          when 'worker' then run.claimed_by
          when 'error' then concat_ws(': ', run.error_name, run.error_message)
          when 'word' then concat_ws(
            chr(10), kept.task_name, kept.idempotency_key, kept.task_id, kept.last_attempt_run, run.claimed_by, concat_ws(': ', run.error_name, run.error_message)
          )
        end ilike any (wish.patterns),
        false
      ) = wish.negated
    limit 1
  )
  order by kept.place
  limit :'matches'::int
)
select
  (select count(*) from looked) as looked,
  (select looked.task_id from looked order by looked.place desc limit 1) as last_id,
  null::timestamptz as last_at,
  found.place,
  found.task_id,
  found.task_name,
  found.state,
  found.attempts,
  found.max_attempts,
  found.enqueue_at,
  found.first_started_at,
  found.last_attempt_run,
  found.idempotency_key,
  found.claimed_by,
  found.claim_expires_at,
  found.available_at,
  found.started_at,
  found.completed_at,
  found.failed_at,
  found.wake_event,
  found.error_name,
  found.error_message
from (select 1) as page
left join found on true
order by found.place
