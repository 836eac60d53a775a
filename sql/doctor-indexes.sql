-- Whether the indexes that claims and this program live on are there, in one queue: one row. by_state = an
-- index on (state, available_at) of the runs, by_task = one that begins with task_id, invalid = indexes of the queue's
-- tables that Postgres does not use.
-- Parameters: queue. Reads the catalogue by name, six tables; no table of the queue is read. Asked once a minute.
select
  coalesce(
    bool_or(
      found.prefix = 'r' and found.usable and found.columns[1] = 'state' and found.columns[2] = 'available_at'
    ),
    false
  ) as by_state,
  coalesce(bool_or(found.prefix = 'r' and found.usable and found.columns[1] = 'task_id'), false) as by_task,
  coalesce(array_agg(found.index_name order by found.index_name) filter (where not found.usable), array[]::text[])
    as invalid
from (select :'queue'::text as queue_name) as queue
left join lateral (
  select
    left(owner.relname, 1) as prefix,
    member.relname::text as index_name,
    index.indisvalid as usable,
    (
      select array_agg(attribute.attname::text order by key.position)
      from unnest(index.indkey::int2[]) with ordinality as key (number, position)
      join pg_attribute as attribute
        on attribute.attrelid = index.indrelid
        and attribute.attnum = key.number
    ) as columns
  from pg_class as owner
  join pg_index as index on index.indrelid = owner.oid
  join pg_class as member on member.oid = index.indexrelid
  where owner.relname = any (
      select family.prefix || '_' || queue.queue_name
      from unnest(array['t', 'r', 'c', 'e', 'w', 'i']) as family (prefix)
    )
    and owner.relnamespace = (select oid from pg_namespace where nspname = 'absurd')
) as found on true
group by queue.queue_name
