-- The failed attempts that other runs follow: a run that is not the first one was made when its predecessor failed,
-- however long ago that one had been claimed.
-- Answers rows as queue-failures does. Parameters: rows (live runs looked at, a state), ended (runs that have ended
-- again looked at, a state), kept (newest by creation).
-- Served by r_Q_sai (state, available_at) in order, then r_Q_ti (task_id) and the primary key of t_Q for each run kept.
with looked_at as materialized (
  (
    select run.task_id, run.attempt, run.created_at
    from absurd.:"r_table" as run
    where run.state = 'pending'
    order by run.available_at
    limit :'rows'::int
  )
  union all
  (
    select run.task_id, run.attempt, run.created_at
    from absurd.:"r_table" as run
    where run.state = 'sleeping'
    order by run.available_at
    limit :'rows'::int
  )
  union all
  (
    select run.task_id, run.attempt, run.created_at
    from absurd.:"r_table" as run
    where run.state = 'running'
    order by run.available_at desc
    limit :'rows'::int
  )
  union all
  (
    select run.task_id, run.attempt, run.created_at
    from absurd.:"r_table" as run
    where run.state = 'completed'
    order by run.available_at desc
    limit :'ended'::int
  )
  union all
  (
    select run.task_id, run.attempt, run.created_at
    from absurd.:"r_table" as run
    where run.state = 'failed'
    order by run.available_at desc
    limit :'ended'::int
  )
),
followers as materialized (
  select
    looked_at.task_id,
    looked_at.attempt
  from looked_at
  where looked_at.attempt > 1
  order by looked_at.created_at desc
  limit :'kept'::int
)
select
  predecessor.state,
  predecessor.run_id,
  predecessor.task_id,
  predecessor.attempt,
  predecessor.claimed_by,
  predecessor.available_at as claimed_at,
  predecessor.claim_expires_at,
  predecessor.failed_at as finished_at,
  case when pg_column_size(predecessor.failure_reason) < 262144
    then left(predecessor.failure_reason ->> 'name', 80) end as error_name,
  case when pg_column_size(predecessor.failure_reason) < 262144
    then left(predecessor.failure_reason ->> 'message', 300) end as error_message,
  pg_column_size(predecessor.failure_reason) as reason_bytes,
  task.task_name,
  task.max_attempts,
  task.state as task_state,
  task.last_attempt_run = predecessor.run_id as is_last
from followers
cross join lateral (
  select
    run.run_id,
    run.task_id,
    run.attempt,
    run.state,
    run.claimed_by,
    run.available_at,
    run.claim_expires_at,
    run.failed_at,
    run.failure_reason
  from absurd.:"r_table" as run
  where run.task_id = followers.task_id
    and run.attempt = followers.attempt - 1
  limit 1
) as predecessor
left join lateral (
  select
    found.task_name,
    found.max_attempts,
    found.state,
    found.last_attempt_run
  from absurd.:"t_table" as found
  where found.task_id = followers.task_id
  limit 1
) as task on true
where predecessor.state = 'failed'
