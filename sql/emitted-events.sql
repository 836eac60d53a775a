-- The newest events that were emitted in a queue: name, time, size of the payload.
-- Answers at least one row: by_time (the table has an index on emitted_at), is_partial (it has none, and more events than
-- are read here: which are the newest is not known), and of each event event_name, emitted_at, payload_bytes.
-- Parameters: table (the name of the events table, for the catalogue), rows (how many), unsorted (events read where no
-- index tells the order).
-- Served by the index e_Q_eai (emitted_at), newest first; names that are only awaited stand at its other end (1970) and
-- are left out. Releases before 0.1.0 have no such index: there the first `unsorted` events by the primary key are read,
-- never all of them sorted. Bounded by `rows` and `unsorted`.
with shape as materialized (
  select
    exists (
      select 1
      from pg_class as events
      join pg_index as index
        on index.indrelid = events.oid
      join pg_attribute as first_key
        on first_key.attrelid = index.indexrelid
        and first_key.attnum = 1
      where events.relname = :'table'::text
        and events.relnamespace = (select oid from pg_namespace where nspname = 'absurd')
        and index.indisvalid
        and first_key.attname = 'emitted_at'
    ) as by_time
),
by_name as materialized (
  select
    event.event_name,
    event.emitted_at
  from absurd.:"e_table" as event
  where not (select by_time from shape)
  order by event.event_name
  limit :'unsorted'::int
),
newest as materialized (
  (
    select
      event.event_name,
      event.emitted_at
    from absurd.:"e_table" as event
    where (select by_time from shape)
      and event.emitted_at > 'epoch'::timestamptz + interval '1 second'
    order by event.emitted_at desc
    limit :'rows'::int
  )
  union all
  (
    select
      by_name.event_name,
      by_name.emitted_at
    from by_name
    where by_name.emitted_at > 'epoch'::timestamptz + interval '1 second'
      and (select count(*) from by_name) < :'unsorted'::int
    order by by_name.emitted_at desc
    limit :'rows'::int
  )
)
select
  shape.by_time,
  (select count(*) from by_name) >= :'unsorted'::int as is_partial,
  newest.event_name,
  newest.emitted_at,
  event.payload_bytes
from shape
left join newest on true
left join lateral (
  select
    pg_column_size(found.payload) as payload_bytes
  from absurd.:"e_table" as found
  where found.event_name = newest.event_name
  limit 1
) as event on true
order by newest.emitted_at desc
