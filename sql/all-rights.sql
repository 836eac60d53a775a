-- What we may do with the tables of every queue, so that what cannot work is greyed before its key is pressed.
-- Answers one row a queue and table family; present = false where there is none.
-- Parameters: queues (at most so many are looked at).
-- Served by the name index of the catalogue: six look-ups a queue, no table of a queue is read. Asked at the start and with the registry.
select
  queue.queue_name,
  family.prefix,
  found.oid is not null as present,
  coalesce(has_table_privilege(found.oid, 'select'), false) as may_select,
  coalesce(has_table_privilege(found.oid, 'insert'), false) as may_insert,
  coalesce(has_table_privilege(found.oid, 'update'), false) as may_update,
  coalesce(has_table_privilege(found.oid, 'delete'), false) as may_delete
from (
  select listed.queue_name
  from absurd.queues as listed
  order by listed.queue_name
  limit :'queues'::int
) as queue
cross join unnest(array['t', 'r', 'c', 'e', 'w', 'i']) as family (prefix)
left join pg_class as found
  on found.relname = family.prefix || '_' || queue.queue_name
  and found.relnamespace = (select oid from pg_namespace where nspname = 'absurd')
  and found.relkind in ('r', 'p')
