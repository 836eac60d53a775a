-- What finished after an instant, counted by the second it finished in and by how long its last leg took.
-- Runs are read by the time of their claim (available_at stays there when a run ends: the index knows it) and counted by
-- the time they finished. Answers at least one row: now, settled_until, how much was looked at, and a group (null when there is none):
-- settled (finished before now - settle: whatever commits late is in by then), state, second (epoch seconds), bucket
-- (logarithm of the last leg in ms to the base `base`, rounded up), runs. What finished before fine_from is counted by
-- slots of `slot` seconds only: second is the one in which its slot begins, bucket is null.
-- Parameters: claimed_from (only runs claimed since), finished_after, fine_from, slot (s), settle (ms), base, rows (how
-- many of each state).
-- Served by r_Q_sai (state, available_at), newest claims first; bounded by `rows` entries a state.
with clock as materialized (
  select
    read.now,
    read.now - make_interval(secs => :'settle'::float8 / 1000) as settled_until
  from (
    -- Absurd's time when the transaction began, before its snapshot: later than that something may be invisible.
    select (select absurd.current_time()) - (clock_timestamp() - now()) as now
  ) as read
),
completed as materialized (
  select
    run.available_at,
    run.completed_at as finished_at
  from absurd.:"r_table" as run
  where run.state = 'completed'
    and run.available_at >= :'claimed_from'::timestamptz
  order by run.available_at desc
  limit :'rows'::int
),
failed as materialized (
  select
    run.available_at,
    run.failed_at as finished_at
  from absurd.:"r_table" as run
  where run.state = 'failed'
    and run.available_at >= :'claimed_from'::timestamptz
  order by run.available_at desc
  limit :'rows'::int
),
groups as (
  select
    finished.finished_at <= (select settled_until from clock) as settled,
    finished.state,
    case
      when finished.finished_at >= :'fine_from'::timestamptz then floor(date_part('epoch', finished.finished_at))
      else floor(date_part('epoch', finished.finished_at) / :'slot'::int) * :'slot'::int
    end::int8 as second,
    case
      when finished.finished_at >= :'fine_from'::timestamptz
        then ceil(ln(greatest(date_part('epoch', finished.finished_at - finished.available_at) * 1000, 1))
          / ln(:'base'::float8))
    end::int as bucket,
    count(*)::int as runs
  from (
    select 'completed' as state, available_at, finished_at from completed
    union all
    select 'failed' as state, available_at, finished_at from failed
  ) as finished
  where finished.finished_at > :'finished_after'::timestamptz
  group by 1, 2, 3, 4
)
select
  clock.now,
  clock.settled_until,
  completed_read.scanned as completed_scanned,
  completed_read.oldest as completed_oldest,
  completed_read.newest as completed_newest,
  failed_read.scanned as failed_scanned,
  failed_read.oldest as failed_oldest,
  failed_read.newest as failed_newest,
  groups.settled,
  groups.state,
  groups.second,
  groups.bucket,
  groups.runs
from clock
cross join (
  select count(*)::int as scanned, min(available_at) as oldest, max(available_at) as newest from completed
) as completed_read
cross join (
  select count(*)::int as scanned, min(available_at) as oldest, max(available_at) as newest from failed
) as failed_read
left join groups on true
