-- The tables of a queue and their partitions: planner's row count, dead rows, last vacuum, bound, and the size on request.
-- Answers rows of relname, parent (null for the queue's own tables), bound, is_partitioned, row_estimate (null = never
-- analysed), dead_rows, vacuumed_at, bytes (null unless asked for).
-- Parameters: names (the queue's tables), sizes (whether files are measured, which waits for locks).
-- Served by the catalogue's own indexes; at most 1,000 tables.
select
  shown.relname,
  shown.parent,
  shown.bound,
  shown.relkind = 'p' as is_partitioned,
  case when shown.reltuples >= 0 then shown.reltuples end::float8 as row_estimate,
  pg_stat_get_dead_tuples(shown.oid) as dead_rows,
  greatest(pg_stat_get_last_autovacuum_time(shown.oid), pg_stat_get_last_vacuum_time(shown.oid)) as vacuumed_at,
  case when :'sizes'::boolean and shown.relkind = 'r' then pg_total_relation_size(shown.oid) end as bytes
from (
  select
    relation.oid,
    relation.relname,
    relation.relkind,
    relation.reltuples,
    parent.relname as parent,
    pg_get_expr(relation.relpartbound, relation.oid) as bound
  from pg_class as relation
  left join pg_inherits as link on link.inhrelid = relation.oid
  left join pg_class as parent on parent.oid = link.inhparent
  where relation.relnamespace = (select oid from pg_namespace where nspname = 'absurd')
    and relation.relkind in ('r', 'p')
    and (relation.relname = any(:'names'::text[]) or parent.relname = any(:'names'::text[]))
) as shown
order by coalesce(shown.parent, shown.relname), shown.parent is not null, shown.relname
limit 1000
