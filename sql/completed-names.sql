-- How many of the most recently claimed completed runs of a queue each task name has, and how far back they were claimed.
-- Answers rows of task_name, runs, oldest_claim (of all rows read), scanned (how many were read).
-- Parameters: claimed_from, rows (2,000).
-- Served by r_Q_sai (state, available_at), newest claims first, and the primary key of t_Q after the limit; bounded by
-- `rows`.
with newest as materialized (
  select
    run.task_id,
    run.available_at
  from absurd.:"r_table" as run
  where run.state = 'completed'
    and run.available_at >= :'claimed_from'::timestamptz
  order by run.available_at desc
  limit :'rows'::int
),
named as (
  select
    task.task_name,
    newest.available_at
  from newest
  cross join lateral (
    select
      found.task_name
    from absurd.:"t_table" as found
    where found.task_id = newest.task_id
    limit 1
  ) as task
),
whole as (
  select min(newest.available_at) as oldest_claim, count(*)::int as scanned from newest
)
select
  named.task_name,
  count(*)::int as runs,
  whole.oldest_claim,
  whole.scanned
from named
cross join whole
group by named.task_name, whole.oldest_claim, whole.scanned
order by named.task_name
