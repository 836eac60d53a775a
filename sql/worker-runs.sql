-- What each worker holds and finished lately in a queue, by state of its runs.
-- Answers rows of claimed_by, state, runs, recent (finished within `seconds`), expired and unleased (of running ones),
-- timeouts (recent ones that lost their lease), last_claim, scanned (rows of that state that were read: at `rows` there
-- are more).
-- Parameters: seconds, rows (of each state).
-- Served by the index r_Q_sai (state, available_at), newest claims first; finished runs are looked for among those claimed within
-- an hour more than `seconds`. Bounded by `rows` a state.
with clock as materialized (
  select (select absurd.current_time()) as now
),
running as materialized (
  select
    run.claimed_by,
    run.available_at,
    run.claim_expires_at
  from absurd.:"r_table" as run
  where run.state = 'running'
  order by run.available_at desc
  limit :'rows'::int
),
completed as materialized (
  select
    run.claimed_by,
    run.available_at,
    run.completed_at
  from absurd.:"r_table" as run
  where run.state = 'completed'
    and run.available_at >= (select now from clock) - make_interval(secs => :'seconds'::float8 + 3600)
  order by run.available_at desc
  limit :'rows'::int
),
failed as materialized (
  select
    run.claimed_by,
    run.available_at,
    run.failed_at,
    case when pg_column_size(run.failure_reason) < 262144 then run.failure_reason ->> 'name' = '$ClaimTimeout' end
      as timed_out
  from absurd.:"r_table" as run
  where run.state = 'failed'
    and run.available_at >= (select now from clock) - make_interval(secs => :'seconds'::float8 + 3600)
  order by run.available_at desc
  limit :'rows'::int
),
runs as (
  select 'running' as state, claimed_by, available_at, null::timestamptz as finished_at, claim_expires_at, false as timed_out
  from running
  union all
  select 'completed', claimed_by, available_at, completed_at, null, false
  from completed
  union all
  select 'failed', claimed_by, available_at, failed_at, null, coalesce(timed_out, false)
  from failed
),
totals as (
  select state, count(*)::int as scanned from runs group by state
)
select
  coalesce(runs.claimed_by, '') as claimed_by,
  runs.state,
  count(*)::int as runs,
  (count(*) filter (where runs.finished_at > clock.now - make_interval(secs => :'seconds'::float8)))::int as recent,
  (count(*) filter (where runs.state = 'running' and runs.claim_expires_at <= clock.now))::int as expired,
  (count(*) filter (where runs.state = 'running' and runs.claim_expires_at is null))::int as unleased,
  (count(*) filter (
    where runs.timed_out and runs.finished_at > clock.now - make_interval(secs => :'seconds'::float8)
  ))::int as timeouts,
  max(runs.available_at) as last_claim,
  totals.scanned
from runs
cross join clock
join totals on totals.state = runs.state
group by 1, 2, totals.scanned, clock.now
order by 1, 2
