-- What a dialog must know of one event: whether and when it was emitted, and how many wait for it.
-- Answers one row. A row of e_Q without payload only says that somebody waits.
-- Parameters: event.
-- Served by the primary key of e_Q and the index w_Q_eni (event_name); bounded by one event and 1,001 waits.
select
  (select absurd.current_time()) as now,
  (
    select event.emitted_at
    from absurd.:"e_table" as event
    where event.event_name = :'event'::text
      and event.payload is not null
    limit 1
  ) as emitted_at,
  waiters.waiting
from (
  select
    (count(*) filter (where wait.timeout_at is null or wait.timeout_at > (select absurd.current_time())))::int as waiting
  from (
    select open_wait.timeout_at
    from absurd.:"w_table" as open_wait
    where open_wait.event_name = :'event'::text
    order by open_wait.event_name
    limit 1001
  ) as wait
) as waiters
