-- The runs that are being executed, oldest claim first: who holds them, until when, and which task they belong to.
-- Parameters: running_from (see queue-live), rows (how many).
-- Served by r_Q_sai (state, available_at) in order and, after the limit, by the primary key of t_Q: the lateral limit
-- keeps the planner from joining the whole task table. Bounded by `rows`.
with claims as materialized (
  select
    run.run_id,
    run.task_id,
    run.attempt,
    run.claimed_by,
    run.available_at,
    run.claim_expires_at
  from absurd.:"r_table" as run
  where run.state = 'running'
    and run.available_at >= :'running_from'::timestamptz
  order by run.available_at
  limit :'rows'::int
)
select
  claims.run_id,
  claims.task_id,
  claims.attempt,
  claims.claimed_by,
  claims.available_at as claimed_at,
  claims.claim_expires_at,
  task.task_name,
  task.max_attempts
from claims
left join lateral (
  select
    found.task_name,
    found.max_attempts
  from absurd.:"t_table" as found
  where found.task_id = claims.task_id
  limit 1
) as task on true
order by claims.available_at, claims.run_id
