-- The jobs of pg_cron that call Absurd, with how their last run went. Fails with 42P01 where this database has no pg_cron;
-- its tables show a role its own jobs only.
-- Parameters: runs (how many of the newest runs of all jobs are looked at).
-- Reads the small table of jobs whole and, by its primary key, the newest `runs` records; no table of a queue.
with records as materialized (
  select
    record.jobid,
    record.runid,
    record.status,
    record.return_message,
    record.start_time
  from cron.job_run_details as record
  order by record.runid desc
  limit :'runs'::int
)
select
  coalesce(job.jobname, 'job ' || job.jobid)::text as name,
  left(job.command, 200) as command,
  job.active,
  last_run.status,
  left(last_run.return_message, 200) as message,
  last_run.start_time as started_at
from cron.job as job
left join lateral (
  select
    records.status,
    records.return_message,
    records.start_time
  from records
  where records.jobid = job.jobid
  order by records.runid desc
  limit 1
) as last_run on true
where job.command like '%absurd.%'
  and (job.database = current_database() or job.database is null)
order by job.jobid
limit 200
