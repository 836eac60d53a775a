-- The tasks that belong to a workflow among the next `rows` of a queue's tasks, newest first: one page.
-- Answers at least one row: looked, last_id (how far it looked); task_id is null where no task belongs to a workflow. A
-- task belongs to one when its headers have workflow_run_id or else workflow_run (`header` tells which); `workflow` is
-- cut at 200 characters, workflow_name and tenant at 100. Headers of 256 kB or more are not looked into.
-- Parameters: before_id (exclusive): keyset; rows (how many to look at).
-- Served by the primary key of t_Q, newest first, and after that limit by the primary key of r_Q. Bounded by `rows`.
with looked as materialized (
  select
    row_number() over (order by page.task_id desc) as place,
    page.task_id,
    page.task_name,
    page.headers,
    page.state,
    page.enqueue_at,
    page.cancelled_at,
    page.last_attempt_run
  from (
    select
      task.task_id,
      task.task_name,
      task.headers,
      task.state,
      task.enqueue_at,
      task.cancelled_at,
      task.last_attempt_run
    from absurd.:"t_table" as task
    where task.task_id < :'before_id'::uuid
    order by task.task_id desc
    limit :'rows'::int
  ) as page
),
opened as materialized (
  select
    looked.place,
    looked.task_id,
    looked.task_name,
    looked.state,
    looked.enqueue_at,
    looked.cancelled_at,
    looked.last_attempt_run,
    nullif(looked.headers ->> 'workflow_run_id', '') as by_id,
    nullif(looked.headers ->> 'workflow_run', '') as by_name,
    looked.headers ->> 'workflow_name' as workflow_name,
    coalesce(looked.headers ->> 'tenant_id', looked.headers ->> 'tenant') as tenant
  from looked
  where pg_column_size(looked.headers) < 262144
),
member as (
  select
    opened.place,
    opened.task_id,
    opened.task_name,
    opened.state,
    opened.enqueue_at,
    opened.cancelled_at,
    opened.last_attempt_run,
    left(coalesce(opened.by_id, opened.by_name), 200) as workflow,
    case when opened.by_id is null then 'workflow_run' else 'workflow_run_id' end as header,
    left(opened.workflow_name, 100) as workflow_name,
    left(opened.tenant, 100) as tenant,
    coalesce(run.completed_at, run.failed_at, opened.cancelled_at) as finished_at
  from opened
  left join lateral (
    select
      found.completed_at,
      found.failed_at
    from absurd.:"r_table" as found
    where found.run_id = opened.last_attempt_run
    limit 1
  ) as run on true
  where coalesce(opened.by_id, opened.by_name) is not null
)
select
  (select count(*) from looked) as looked,
  (select looked.task_id from looked order by looked.place desc limit 1) as last_id,
  member.task_id,
  member.task_name,
  member.state,
  member.enqueue_at,
  case when member.state in ('completed', 'failed', 'cancelled') then member.finished_at end as finished_at,
  member.last_attempt_run,
  member.workflow,
  member.header,
  member.workflow_name,
  member.tenant
from (select 1) as page
left join member on true
order by member.place
