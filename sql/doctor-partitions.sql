-- The partitions of one queue's four partitioned tables with their bounds as instants. The default one has no bounds.
-- Parameters: queue. Only for partitioned queues, whose release has uuidv7_timestamp.
-- Reads the catalogue by the name index of pg_class and the key of pg_inherits: a row a partition, at most 2,000.
select
  parent.relname::text as parent,
  child.relname::text as partition,
  pg_get_expr(child.relpartbound, child.oid) = 'DEFAULT' as is_default,
  absurd.uuidv7_timestamp(
    substring(pg_get_expr(child.relpartbound, child.oid) from 'FROM [(]''([-0-9a-f]{36})''[)]')::uuid
  ) as from_at,
  absurd.uuidv7_timestamp(
    substring(pg_get_expr(child.relpartbound, child.oid) from 'TO [(]''([-0-9a-f]{36})''[)]')::uuid
  ) as until_at,
  coalesce((to_jsonb(link) ->> 'inhdetachpending')::boolean, false) as detach_pending
from unnest(array['t', 'r', 'c', 'w']) as kind (prefix)
join pg_class as parent
  on parent.relname = kind.prefix || '_' || :'queue'::text
  and parent.relnamespace = (select oid from pg_namespace where nspname = 'absurd')
  and parent.relkind = 'p'
join pg_inherits as link
  on link.inhparent = parent.oid
join pg_class as child
  on child.oid = link.inhrelid
order by parent.relname, child.relname
limit 2000
