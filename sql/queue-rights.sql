-- What we may do with each table of one queue. Answers one row a table family; present = false where there is none.
-- Parameters: queue.
-- Served by the name index of the catalogue; six look-ups, no table of the queue is read.
select
  family.prefix,
  found.oid is not null as present,
  coalesce(has_table_privilege(found.oid, 'select'), false) as may_select,
  coalesce(has_table_privilege(found.oid, 'insert'), false) as may_insert,
  coalesce(has_table_privilege(found.oid, 'update'), false) as may_update,
  coalesce(has_table_privilege(found.oid, 'delete'), false) as may_delete
from unnest(array['t', 'r', 'c', 'e', 'w', 'i']) as family (prefix)
left join pg_class as found
  on found.relname = family.prefix || '_' || :'queue'::text
  and found.relnamespace = (select oid from pg_namespace where nspname = 'absurd')
  and found.relkind in ('r', 'p')
