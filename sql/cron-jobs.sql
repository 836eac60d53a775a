-- The jobs of pg_cron that maintain a queue or all queues, as far as this role sees them (its own, unless superuser).
-- Parameters: suffix (12 hex digits of the queue's md5). Reads the small table of jobs, no table of a queue; at most 100.
select
  job.jobname,
  job.schedule,
  job.active
from cron.job as job
where starts_with(job.jobname, 'absurd_')
  and (job.jobname like '%\_all' or position(:'suffix'::text in job.jobname) > 0)
order by job.jobname
limit 100
