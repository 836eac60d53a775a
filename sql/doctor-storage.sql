-- Sizes, dead rows and policy of one queue, and detached partitions that nobody has dropped. Answers one row.
-- Parameters: queue.
-- Reads the catalogue by the name index of pg_class and the statistics by oid; no table of the queue, takes no lock on one.
with place as (
  select
    oid as namespace
  from pg_namespace
  where nspname = 'absurd'
),
tables as (
  select
    kind.prefix,
    parent.oid as parent,
    coalesce(child.oid, parent.oid) as oid,
    coalesce(child.reltuples, parent.reltuples) as rows,
    coalesce(child.relpages, parent.relpages) as pages
  from unnest(array['t', 'r', 'e']) as kind (prefix)
  join pg_class as parent
    on parent.relname = kind.prefix || '_' || :'queue'::text
    and parent.relnamespace = (select namespace from place)
  left join pg_inherits as link
    on link.inhparent = parent.oid
  left join pg_class as child
    on child.oid = link.inhrelid
),
indexes as (
  select
    tables.prefix,
    pg_get_indexdef(index.indexrelid) as definition
  from (select distinct prefix, parent from tables) as tables
  join pg_index as index
    on index.indrelid = tables.parent
)
select
  figures.task_rows,
  figures.task_bytes,
  figures.event_rows,
  figures.dead_rows,
  figures.live_rows,
  figures.vacuumed_at,
  pg_is_in_recovery() as standby,
  exists (select 1 from indexes where prefix = 't' and definition like '%cancellation%') as sweep_indexed,
  exists (select 1 from indexes where prefix = 'e' and definition like '%(emitted_at)%') as events_indexed,
  (extract(epoch from (policy.known ->> 'cleanup_ttl')::interval) * 1000)::float8 as cleanup_ttl,
  (extract(epoch from (policy.known ->> 'partition_lookahead')::interval) * 1000)::float8 as lookahead,
  (extract(epoch from (policy.known ->> 'detach_min_age')::interval) * 1000)::float8 as detach_min_age,
  policy.known ->> 'default_partition' as default_partition,
  policy.known ->> 'detach_mode' as detach_mode,
  array(
    select left_over.relname::text
    from unnest(array['t', 'r', 'c', 'w']) as kind (prefix)
    cross join lateral (
      select
        near.relname,
        near.relkind,
        near.relispartition
      from pg_class as near
      where near.relname > kind.prefix || '_' || :'queue'::text || '_'
        and near.relname < kind.prefix || '_' || :'queue'::text || '_a'
        and near.relnamespace = (select namespace from place)
      -- Looked up by name for each kind: joined freely, all relations of ten thousand queues would be gone through.
      offset 0
    ) as left_over
    where left_over.relkind = 'r'
      and not left_over.relispartition
      and right(left_over.relname, 4) ~ '^_[0-9]{3}$'
      and length(left_over.relname) = length(kind.prefix || '_' || :'queue'::text) + 4
      and not exists (select 1 from absurd.queues as other where other.queue_name = substr(left_over.relname, 3))
    order by left_over.relname
    limit 50
  ) as leftovers
from (
  select
    (sum(rows) filter (where prefix = 't' and rows >= 0))::float8 as task_rows,
    coalesce(sum(pages) filter (where prefix = 't'), 0)::float8 * 8192 as task_bytes,
    (sum(rows) filter (where prefix = 'e' and rows >= 0))::float8 as event_rows,
    coalesce(sum(pg_stat_get_dead_tuples(oid)) filter (where prefix <> 'e'), 0)::float8 as dead_rows,
    coalesce(sum(pg_stat_get_live_tuples(oid)) filter (where prefix <> 'e'), 0)::float8 as live_rows,
    max(
      greatest(pg_stat_get_last_autovacuum_time(oid), pg_stat_get_last_vacuum_time(oid))
    ) filter (where prefix <> 'e') as vacuumed_at
  from tables
) as figures
left join (
  select
    to_jsonb(queue) as known
  from absurd.queues as queue
  where queue.queue_name = :'queue'::text
) as policy on true
