-- How many of a page of completed runs of a queue each task name has, newest claims first.
-- Answers rows of task_name, runs; and in each of them of the page as a whole scanned (how many were read), last_claim and
-- last_run (the last row, for the next page).
-- Parameters: claimed_from, before_claim and before_run (the last row of the page before; 'infinity' and the highest uuid
-- for the first page), rows (how many).
-- Served by r_Q_sai (state, available_at), newest claims first, and the primary key of t_Q after the limit; bounded by
-- `rows`.
with page as materialized (
  select
    run.run_id,
    run.task_id,
    run.available_at
  from absurd.:"r_table" as run
  where run.state = 'completed'
    and run.available_at >= :'claimed_from'::timestamptz
    and (run.available_at, run.run_id) < (:'before_claim'::timestamptz, :'before_run'::uuid)
  order by run.available_at desc, run.run_id desc
  limit :'rows'::int
),
named as (
  select
    task.task_name
  from page
  left join lateral (
    select
      found.task_name
    from absurd.:"t_table" as found
    where found.task_id = page.task_id
    limit 1
  ) as task on true
),
whole as (
  select count(*)::int as scanned from page
),
oldest as (
  select page.available_at, page.run_id from page order by page.available_at, page.run_id limit 1
)
select
  named.task_name,
  count(*)::int as runs,
  whole.scanned,
  oldest.available_at as last_claim,
  oldest.run_id as last_run
from named
cross join whole
cross join oldest
group by named.task_name, whole.scanned, oldest.available_at, oldest.run_id
order by named.task_name
