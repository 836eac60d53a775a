-- The queues of the registry with the tables that belong to each: oids, kind, planner's row count, rights, columns.
-- Answers one row a queue; table columns are null where a table is missing.
-- Parameters: none. Served by the catalogue's own name index (100 ms for 10,000 queues): asked every 30 s, not per tick.
-- The registry's policy columns came with release 0.4.0, so storage_mode is taken through to_jsonb.
select
  queue.queue_name,
  coalesce(to_jsonb(queue) ->> 'storage_mode', 'unpartitioned') as storage_mode,
  runs.oid::text as runs_oid,
  tasks.oid::text as tasks_oid,
  checkpoints.oid::text as checkpoints_oid,
  waits.oid::text as waits_oid,
  has_table_privilege(runs.oid, 'select') and has_table_privilege(tasks.oid, 'select') as readable,
  case
    when runs.relkind = 'p' then (
      select string_agg(child.inhrelid::text, ',' order by child.inhrelid)
      from pg_inherits as child
      where child.inhparent = runs.oid
    )
    else runs.oid::text
  end as counted_oids,
  case
    when runs.relkind = 'p' then (
      select sum(part.reltuples) filter (where part.reltuples >= 0)
      from pg_inherits as child
      join pg_class as part on part.oid = child.inhrelid
      where child.inhparent = runs.oid
    )
    when runs.reltuples >= 0 then runs.reltuples
  end::float8 as run_rows
from absurd.queues as queue
left join pg_class as runs
  on runs.relname = 'r_' || queue.queue_name
  and runs.relnamespace = (select oid from pg_namespace where nspname = 'absurd')
  and runs.relkind in ('r', 'p')
left join pg_class as tasks
  on tasks.relname = 't_' || queue.queue_name
  and tasks.relnamespace = runs.relnamespace
  and tasks.relkind in ('r', 'p')
left join pg_class as checkpoints
  on checkpoints.relname = 'c_' || queue.queue_name
  and checkpoints.relnamespace = runs.relnamespace
  and checkpoints.relkind in ('r', 'p')
left join pg_class as waits
  on waits.relname = 'w_' || queue.queue_name
  and waits.relnamespace = runs.relnamespace
  and waits.relkind in ('r', 'p')
order by queue.queue_name
