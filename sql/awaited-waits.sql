-- The events that somebody waits for in a queue: waiters, the oldest wait, timeouts, and one who waits longest.
-- Answers rows of event_name, waiters (at `waiters` there are more), oldest_wait, next_timeout, without_timeout, and the
-- task and run of the oldest wait: of the rows read of that name.
-- Parameters: names (how many), waiters (how many rows of each name are read).
-- Served by the index w_Q_eni (event_name): a skip scan over the names and a capped range of each.
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
names as materialized (
  select awaited.event_name
  from awaited
  where awaited.event_name is not null
  limit :'names'::int
)
select
  names.event_name,
  figures.waiters,
  figures.oldest_wait,
  figures.next_timeout,
  figures.without_timeout,
  figures.oldest[1] as task_id,
  figures.oldest[2] as run_id
from names
cross join lateral (
  select
    count(*)::int as waiters,
    min(waits.created_at) as oldest_wait,
    min(waits.timeout_at) as next_timeout,
    (count(*) filter (where waits.timeout_at is null))::int as without_timeout,
    array[
      (array_agg(waits.task_id::text order by waits.created_at))[1],
      (array_agg(waits.run_id::text order by waits.created_at))[1]
    ] as oldest
  from (
    select
      wait.task_id,
      wait.run_id,
      wait.created_at,
      wait.timeout_at
    from absurd.:"w_table" as wait
    where wait.event_name = names.event_name
    order by wait.event_name
    limit :'waiters'::int
  ) as waits
) as figures
order by names.event_name
