-- The checkpoints of one task, the newest 1,000, with their states.
-- States come as their stored size and, until a megabyte is full (newest first), as text up to 64 kB stored each; the
-- head of a larger one up to 4 MB. checkpoints_known counts them, capped at 5,001.
-- Parameters: task (id), since (texts only of what was written later; '-infinity' for all).
-- Served by the primary key of c_Q (task_id, checkpoint_name), at most 5,001 entries.
with entries as materialized (
  select
    checkpoint.checkpoint_name,
    checkpoint.status,
    checkpoint.owner_run_id,
    checkpoint.updated_at,
    checkpoint.state
  from absurd.:"c_table" as checkpoint
  where checkpoint.task_id = :'task'::uuid
  order by checkpoint.checkpoint_name
  limit 5001
),
newest as (
  select
    entries.checkpoint_name,
    entries.status,
    entries.owner_run_id,
    entries.updated_at,
    entries.state,
    pg_column_size(entries.state) as state_bytes,
    sum(least(coalesce(pg_column_size(entries.state), 0), 65536))
      over (order by entries.updated_at desc, entries.checkpoint_name) <= 1048576
    and entries.updated_at > :'since'::timestamptz as with_text
  from entries
  order by entries.updated_at desc, entries.checkpoint_name
  limit 1000
)
select
  (select count(*)::int from entries) as checkpoints_known,
  newest.checkpoint_name,
  newest.status,
  newest.owner_run_id,
  newest.updated_at,
  newest.state_bytes,
  case
    when not newest.with_text then null
    when newest.state_bytes <= 65536 then left(newest.state::text, 262145)
    when newest.state_bytes <= 4194304 then left(newest.state::text, 16384)
  end as state_text
from newest
order by newest.updated_at, newest.checkpoint_name
