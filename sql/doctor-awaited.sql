-- Events that tasks of a queue wait for: how many, how many without a time limit and since when, and whether the event
-- was emitted. Answers a row a name.
-- Parameters: names (how many names), rows (how many waits of a name are counted).
-- Served by the index w_Q_eni (event_name) as a skip scan, by it again for each name, and by the primary key of e_Q;
-- bounded by names x rows entries.
with recursive awaited as (
  (
    select first_wait.event_name
    from absurd.:"w_table" as first_wait
    order by first_wait.event_name
    limit 1
  )
  union all
  select
    (
      select next_wait.event_name
      from absurd.:"w_table" as next_wait
      where next_wait.event_name > awaited.event_name
      order by next_wait.event_name
      limit 1
    )
  from awaited
  where awaited.event_name is not null
),
named as (
  select
    awaited.event_name
  from awaited
  where awaited.event_name is not null
  limit :'names'::int
)
select
  named.event_name,
  figures.waiters,
  figures.untimed,
  figures.oldest_untimed,
  emitted.event_name is not null as emitted
from named
cross join lateral (
  select
    count(*)::int as waiters,
    (count(*) filter (where waits.timeout_at is null))::int as untimed,
    min(waits.created_at) filter (where waits.timeout_at is null) as oldest_untimed
  from (
    select
      wait.timeout_at,
      wait.created_at
    from absurd.:"w_table" as wait
    where wait.event_name = named.event_name
    order by wait.event_name
    limit :'rows'::int
  ) as waits
) as figures
left join lateral (
  select
    event.event_name
  from absurd.:"e_table" as event
  where event.event_name = named.event_name
    and event.payload is not null
  order by event.event_name
  limit 1
) as emitted on true
