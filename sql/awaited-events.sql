-- The names of events that somebody waits for in a queue, in order. At most `names` of them.
-- Parameters: names.
-- Served by the index w_Q_eni (event_name) as a skip scan: one index entry a name, however many wait for it.
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
)
select
  awaited.event_name
from awaited
where awaited.event_name is not null
limit :'names'::int
