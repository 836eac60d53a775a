-- The names among the newest tasks of a queue: how often, whether a worker ever started one, and max_attempts of each.
-- Parameters: rows (how many tasks are looked at).
-- Served by the primary key of t_Q, newest first (ids carry their time); bounded by `rows`.
select
  task.task_name,
  task.max_attempts,
  count(*)::int as tasks,
  bool_or(task.first_started_at is not null) as started
from (
  select
    newest.task_name,
    newest.max_attempts,
    newest.first_started_at
  from absurd.:"t_table" as newest
  order by newest.task_id desc
  limit :'rows'::int
) as task
group by task.task_name, task.max_attempts
order by tasks desc, task.task_name
