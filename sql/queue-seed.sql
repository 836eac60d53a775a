-- How long the last legs of the most recently claimed finished runs took, for the first frame: biased towards short ones
-- (a long one was claimed long ago), so it is shown as a seed. Answers rows of bucket (as in queue-finished) and runs.
-- Parameters: base, rows (2,000).
-- Served by the index r_Q_sai (state, available_at), newest claims first; bounded by `rows`.
select
  ceil(ln(greatest(date_part('epoch', newest.completed_at - newest.available_at) * 1000, 1))
    / ln(:'base'::float8))::int as bucket,
  count(*)::int as runs
from (
  select
    run.available_at,
    run.completed_at
  from absurd.:"r_table" as run
  where run.state = 'completed'
  order by run.available_at desc
  limit :'rows'::int
) as newest
group by 1
order by 1
