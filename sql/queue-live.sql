-- What is alive in one queue: counts of pending, running and sleeping runs, of those due now, and of expired leases.
-- Answers one row. Each state is counted to `rows` (10,001: more is shown as "at least").
-- Parameters: pending_from, running_from, sleeping_from (smallest available_at worth looking at: a bound that only grows
-- keeps the probe away from dead index entries; '-infinity' for a full probe), rows.
-- Served by r_Q_sai (state, available_at), in order; bounded by `rows` entries a state whatever the table holds.
with clock as materialized (
  select
    (select absurd.current_time()) as now
),
pending as (
  select
    run.available_at
  from absurd.:"r_table" as run
  where run.state = 'pending'
    and run.available_at >= :'pending_from'::timestamptz
  order by run.available_at
  limit :'rows'::int
),
running as (
  select
    run.available_at,
    run.claim_expires_at
  from absurd.:"r_table" as run
  where run.state = 'running'
    and run.available_at >= :'running_from'::timestamptz
  order by run.available_at
  limit :'rows'::int
),
sleeping as (
  select
    run.available_at,
    run.available_at <= (select now from clock) as due,
    case
      when run.wake_event is not null then 'wait'
      when run.started_at is null then 'retry'
      else 'timer'
    end as kind
  from absurd.:"r_table" as run
  where run.state = 'sleeping'
    and run.available_at >= :'sleeping_from'::timestamptz
  order by run.available_at
  limit :'rows'::int
)
select
  clock.now,
  pending_figures.pending,
  pending_figures.pending_due,
  pending_figures.pending_oldest,
  running_figures.running,
  running_figures.expired,
  running_figures.running_oldest,
  running_figures.running_newest,
  sleeping_figures.sleeping,
  sleeping_figures.sleeping_due,
  sleeping_figures.retrying,
  sleeping_figures.timers,
  sleeping_figures.waiting,
  sleeping_figures.sleeping_oldest,
  sleeping_figures.next_due
from clock
cross join (
  select
    count(*)::int as pending,
    (count(*) filter (where available_at <= (select now from clock)))::int as pending_due,
    min(available_at) as pending_oldest
  from pending
) as pending_figures
cross join (
  select
    count(*)::int as running,
    (count(*) filter (where claim_expires_at <= (select now from clock)))::int as expired,
    min(available_at) as running_oldest,
    max(available_at) as running_newest
  from running
) as running_figures
cross join (
  select
    count(*)::int as sleeping,
    (count(*) filter (where due))::int as sleeping_due,
    (count(*) filter (where not due and kind = 'retry'))::int as retrying,
    (count(*) filter (where not due and kind = 'timer'))::int as timers,
    (count(*) filter (where not due and kind = 'wait'))::int as waiting,
    min(available_at) as sleeping_oldest,
    min(available_at) filter (where not due) as next_due
  from sleeping
) as sleeping_figures
