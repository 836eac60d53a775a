-- The attempts of one task, the newest 200, with error, result and event payload.
-- Documents come as their stored size and, until a megabyte is full (newest first), as text up to 64 kB stored each;
-- the head of a larger one up to 4 MB. runs_known counts the attempts, capped at 5,001.
-- Parameters: task (id), since (texts only of what changed later; '-infinity' for all).
-- Served by the index r_Q_ti (task_id), the newest entries first, at most 5,001.
with entries as materialized (
  select
    run.run_id,
    run.attempt,
    run.state,
    run.claimed_by,
    run.claim_expires_at,
    run.available_at,
    run.wake_event,
    run.started_at,
    run.completed_at,
    run.failed_at,
    run.created_at,
    run.event_payload,
    run.failure_reason,
    run.result
  from absurd.:"r_table" as run
  where run.task_id = :'task'::uuid
  order by run.task_id desc
  limit 5001
),
newest as (
  select
    entries.run_id,
    entries.attempt,
    entries.state,
    entries.claimed_by,
    entries.claim_expires_at,
    entries.available_at,
    entries.wake_event,
    entries.started_at,
    entries.completed_at,
    entries.failed_at,
    entries.created_at,
    entries.event_payload,
    entries.failure_reason,
    entries.result,
    pg_column_size(entries.event_payload) as event_payload_bytes,
    pg_column_size(entries.failure_reason) as failure_reason_bytes,
    pg_column_size(entries.result) as result_bytes,
    sum(
      least(coalesce(pg_column_size(entries.event_payload), 0), 65536)
      + least(coalesce(pg_column_size(entries.failure_reason), 0), 65536)
      + least(coalesce(pg_column_size(entries.result), 0), 65536)
    ) over (order by entries.attempt desc, entries.run_id desc) <= 1048576
    and greatest(
      entries.created_at,
      entries.started_at,
      entries.completed_at,
      entries.failed_at,
      nullif(entries.available_at, 'infinity')
    ) > :'since'::timestamptz as with_text
  from entries
  order by entries.attempt desc, entries.run_id desc
  limit 200
)
select
  (select count(*)::int from entries) as runs_known,
  newest.run_id,
  newest.attempt,
  newest.state,
  newest.claimed_by,
  newest.claim_expires_at,
  newest.available_at,
  newest.wake_event,
  newest.started_at,
  newest.completed_at,
  newest.failed_at,
  newest.created_at,
  newest.event_payload_bytes,
  case
    when not newest.with_text then null
    when newest.event_payload_bytes <= 65536 then left(newest.event_payload::text, 262145)
    when newest.event_payload_bytes <= 4194304 then left(newest.event_payload::text, 16384)
  end as event_payload_text,
  newest.failure_reason_bytes,
  case
    when not newest.with_text then null
    when newest.failure_reason_bytes <= 65536 then left(newest.failure_reason::text, 262145)
    when newest.failure_reason_bytes <= 4194304 then left(newest.failure_reason::text, 16384)
  end as failure_reason_text,
  case when newest.failure_reason_bytes < 262144 then left(newest.failure_reason ->> 'name', 80) end as error_name,
  case when newest.failure_reason_bytes < 262144 then left(newest.failure_reason ->> 'message', 300) end
    as error_message,
  newest.result_bytes,
  case
    when not newest.with_text then null
    when newest.result_bytes <= 65536 then left(newest.result::text, 262145)
    when newest.result_bytes <= 4194304 then left(newest.result::text, 16384)
  end as result_text
from newest
order by newest.attempt, newest.run_id
