-- What the early Python client wrote down of workflows: their name, version and status, by id.
-- Parameters: ids (of workflow runs, at most 200).
-- Served by the key workflow_run_id of that table, a look for each id; asked only where workflow-table found such an index.
select
  record.workflow_run_id,
  left(record.workflow_name::text, 100) as workflow_name,
  left(record.workflow_version::text, 40) as workflow_version,
  left(record.status::text, 40) as status,
  record.completed_at
from :"schema".workflow_run as record
where record.workflow_run_id = any(:'ids'::uuid[])
limit 200
