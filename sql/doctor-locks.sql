-- Sessions that keep others waiting while they hold locks on Absurd's tables, or that hold a lock which keeps all readers
-- or writers of such a table out. A role without pg_read_all_stats sees neither query nor time of others.
-- Parameters: none.
-- Reads the lock table and the list of sessions in shared memory, the names by the keys of the catalogue; at most 50
-- waiting sessions are followed, at most 20 rows answered.
with held as materialized (
  select
    lock.pid,
    lock.mode,
    relation.relname::text as name
  from pg_locks as lock
  join pg_class as relation
    on relation.oid = lock.relation
  where lock.locktype = 'relation'
    and lock.granted
    and lock.database = (select oid from pg_database where datname = current_database())
    and relation.relkind in ('r', 'p')
    and relation.relnamespace = (select oid from pg_namespace where nspname = 'absurd')
    and lock.pid <> pg_backend_pid()
),
waiting as materialized (
  select distinct
    lock.pid
  from pg_locks as lock
  where not lock.granted
  limit 50
),
blocked as (
  select
    waiting.pid,
    blocker.pid as blocker
  from waiting
  cross join lateral unnest(pg_blocking_pids(waiting.pid)) as blocker (pid)
),
suspects as (
  select
    held.pid,
    array_agg(distinct held.name order by held.name) as tables,
    bool_or(held.mode in ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock')) as strong
  from held
  group by held.pid
)
select
  suspects.pid,
  activity.usename::text as user_name,
  activity.application_name as application,
  activity.state,
  (extract(epoch from clock_timestamp() - activity.xact_start) * 1000)::float8 as open_for,
  left(activity.query, 200) as query,
  suspects.tables,
  suspects.strong,
  (select count(distinct blocked.pid) from blocked where blocked.blocker = suspects.pid)::int as blocked
from suspects
left join pg_stat_activity as activity
  on activity.pid = suspects.pid
where suspects.strong
  or exists (select 1 from blocked where blocked.blocker = suspects.pid)
order by blocked desc, suspects.pid
limit 20
