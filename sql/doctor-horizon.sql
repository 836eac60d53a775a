-- What keeps vacuum from removing dead rows: old snapshots of sessions and of standbys, replication slots, prepared
-- transactions; the oldest first.
-- Parameters: open_for (milliseconds), transactions (younger ones are left out unless so many were begun since).
-- Reads the list of sessions, slots and prepared transactions in shared memory; at most 20 rows, no table of a queue.
select
  holder.kind,
  holder.name,
  holder.user_name,
  holder.application,
  holder.open_for,
  holder.transactions
from (
  select
    'transaction' as kind,
    'pid ' || activity.pid as name,
    activity.usename::text as user_name,
    activity.application_name as application,
    (extract(epoch from clock_timestamp() - activity.xact_start) * 1000)::float8 as open_for,
    greatest(age(activity.backend_xmin), age(activity.backend_xid))::float8 as transactions
  from pg_stat_activity as activity
  -- A transaction that wrote holds its own number even while it holds no snapshot. Those of other databases are in the
  -- way of nobody here; what a standby feeds back is.
  where coalesce(activity.backend_xmin, activity.backend_xid) is not null
    and activity.pid <> pg_backend_pid()
    and (
      (activity.backend_type = 'client backend' and activity.datname = current_database())
      or activity.backend_type = 'walsender'
    )
    and (
      activity.xact_start < clock_timestamp() - :'open_for'::float8 * interval '1 millisecond'
      or greatest(age(activity.backend_xmin), age(activity.backend_xid)) >= :'transactions'::int
    )
  union all
  select
    'slot',
    slot.slot_name::text,
    null,
    slot.plugin::text,
    null,
    age(coalesce(slot.xmin, slot.catalog_xmin))::float8
  from pg_replication_slots as slot
  where slot.xmin is not null
  union all
  select
    'prepared',
    prepared.gid,
    prepared.owner::text,
    null,
    (extract(epoch from clock_timestamp() - prepared.prepared) * 1000)::float8,
    age(prepared.transaction)::float8
  from pg_prepared_xacts as prepared
  where prepared.database = current_database()
    and prepared.prepared < clock_timestamp() - :'open_for'::float8 * interval '1 millisecond'
  union all
  -- Who may not see since when the transactions of others are open does not know that there is none.
  select
    'hidden',
    'sessions of other roles',
    null,
    null,
    null,
    0
  where not pg_has_role(current_user, 'pg_read_all_stats', 'usage')
) as holder
order by holder.transactions desc
limit 20
