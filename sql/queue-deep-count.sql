-- How many runs of one state there really are where the tick's count stopped at its cap: counted to `rows` (1,000,001).
-- Parameters: state, from (smallest available_at), until (largest, for those that are due), rows.
-- Served by r_Q_sai (state, available_at), index only where vacuum has been; some 100 ms for a million, so it is asked
-- for one queue at a time and at most every 30 s.
select
  count(*)::int8 as runs
from (
  select
    1 as one
  from absurd.:"r_table" as run
  where run.state = :'state'::text
    and run.available_at >= :'from'::timestamptz
    and run.available_at <= :'until'::timestamptz
  order by run.available_at
  limit :'rows'::int
) as counted
