-- Tasks in one state that pass a filter, newest claim (or latest due time) first, among the next `rows` runs of a queue in
-- that state: one page. Runs that another attempt followed are left out. cancelled is not asked here: a task whose
-- duration ran out while it failed is cancelled without a cancelled run.
-- The first row tells how far it looked (looked, last_at); task_id is null where nothing passed.
-- Parameters: state; before_at (inclusive) and skip (entries at that very instant that were looked at before): keyset;
-- rows (how many to look at), matches (how many to answer; `place` tells how far into the page the last of them stood);
-- attempts_least, attempts_most; age_least, age_most (milliseconds since it was enqueued, the latter may be null).
-- wishes: what the filter asks, a JSON array of {field, path, patterns, negated}: all must hold (negated: must not), each
-- by any of its patterns (like, whatever the case). Documents of 256 kB or more are not looked into.
-- idempotency_key came with release 0.0.6: where the table lacks it, the unqualified name means that of `absent`, null.
-- Served by r_Q_sai (state, available_at) in order and after that limit by the primary key of t_Q. Bounded by
-- `rows` + `skip`: waits without an end share the instant infinity.
with wish as materialized (
  select
    asked.field,
    asked.path,
    asked.patterns,
    asked.negated
  from jsonb_to_recordset(:'wishes'::jsonb) as asked (field text, path text[], patterns text[], negated boolean)
),
looked as materialized (
  select
    row_number() over (order by page.available_at desc) as place,
    page.run_id,
    page.task_id,
    page.claimed_by,
    page.claim_expires_at,
    page.available_at,
    page.started_at,
    page.completed_at,
    page.failed_at,
    page.wake_event,
    page.failure_reason
  from (
    select
      run.run_id,
      run.task_id,
      run.claimed_by,
      run.claim_expires_at,
      run.available_at,
      run.started_at,
      run.completed_at,
      run.failed_at,
      run.wake_event,
      run.failure_reason
    from absurd.:"r_table" as run
    where run.state = :'state'::text
      and run.available_at <= :'before_at'::timestamptz
    order by run.available_at desc
    offset :'skip'::int
    limit :'rows'::int
  ) as page
),
reasons as (
  select
    looked.place,
    looked.run_id,
    looked.task_id,
    looked.claimed_by,
    looked.claim_expires_at,
    looked.available_at,
    looked.started_at,
    looked.completed_at,
    looked.failed_at,
    looked.wake_event,
    case when pg_column_size(looked.failure_reason) < 262144 then left(looked.failure_reason ->> 'name', 80) end
      as error_name,
    case when pg_column_size(looked.failure_reason) < 262144 then left(looked.failure_reason ->> 'message', 300) end
      as error_message
  from looked
),
found as (
  select
    reasons.place,
    kept.task_id,
    kept.task_name,
    kept.state,
    kept.attempts,
    kept.max_attempts,
    kept.enqueue_at,
    kept.first_started_at,
    kept.last_attempt_run,
    kept.idempotency_key,
    reasons.claimed_by,
    reasons.claim_expires_at,
    reasons.available_at,
    reasons.started_at,
    reasons.completed_at,
    reasons.failed_at,
    reasons.wake_event,
    reasons.error_name,
    reasons.error_message
  from reasons
  join lateral (
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
      task.idempotency_key
    from (select null::text as idempotency_key) as absent
    cross join lateral (
      select
        one.task_id,
        one.task_name,
        one.params,
        one.headers,
        one.state,
        one.attempts,
        one.max_attempts,
        one.enqueue_at,
        one.first_started_at,
        one.last_attempt_run,
        idempotency_key::text as idempotency_key
      from absurd.:"t_table" as one
      where one.task_id = reasons.task_id
      limit 1
    ) as task
  ) as kept on true
  where kept.last_attempt_run = reasons.run_id
    and kept.state = :'state'::text
    and kept.attempts >= :'attempts_least'::int
    and kept.attempts <= :'attempts_most'::int
    and kept.enqueue_at <= (select absurd.current_time()) - :'age_least'::float8 * interval '1 ms'
    and (:'age_most'::float8 is null
      or kept.enqueue_at >= (select absurd.current_time()) - :'age_most'::float8 * interval '1 ms')
    and not exists (
    select 1
    from wish
    where wish.field in ('name', 'state', 'key', 'id', 'attempts', 'params', 'headers')
      and coalesce(
        case wish.field
          when 'name' then kept.task_name
          when 'state' then kept.state
          when 'key' then kept.idempotency_key
          when 'id' then replace(kept.task_id::text, '-', '')
          when 'attempts' then kept.attempts::text
          when 'params' then case when pg_column_size(kept.params) < 262144 then kept.params #>> wish.path end
          when 'headers' then case when pg_column_size(kept.headers) < 262144 then kept.headers #>> wish.path end
        end ilike any (wish.patterns)
        or (wish.field = 'id' and replace(kept.last_attempt_run::text, '-', '') ilike any (wish.patterns)),
        false
      ) = wish.negated
    limit 1
    )
    and not exists (
    select 1
    from wish
    where wish.field in ('worker', 'error', 'word')
      and coalesce(
        case wish.field
          when 'worker' then reasons.claimed_by
          when 'error' then concat_ws(': ', reasons.error_name, reasons.error_message)
          when 'word' then concat_ws(
            chr(10), kept.task_name, kept.idempotency_key, kept.task_id, kept.last_attempt_run, reasons.claimed_by, concat_ws(': ', reasons.error_name, reasons.error_message)
          )
        end ilike any (wish.patterns),
        false
      ) = wish.negated
    limit 1
    )
  order by reasons.place
  limit :'matches'::int
)
select
  (select count(*) from looked) as looked,
  null::uuid as last_id,
  (select looked.available_at from looked order by looked.place desc limit 1) as last_at,
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
