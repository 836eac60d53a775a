-- The sessions of this database whose last statement polled for work, and how many hide their statement from this role.
-- Answers at least one row: hidden, and of each poller pid, application, host (null = local), state, polled_at.
-- Parameters: none. Reads the sessions in shared memory, no table; at most 500 sessions.
with sessions as materialized (
  select
    other.pid,
    left(other.application_name, 60) as application,
    coalesce(other.client_hostname, host(other.client_addr)) as host,
    other.state,
    coalesce(other.query_start, other.state_change) as polled_at,
    other.query is null or other.query = '<insufficient privilege>' as hidden,
    other.query like '%absurd.claim_task(%' as polls
  from pg_stat_activity as other
  where other.datname = current_database()
    and other.backend_type = 'client backend'
    and other.pid <> pg_backend_pid()
    and other.application_name <> 'absurd-top'
  limit 500
)
select
  totals.hidden,
  sessions.pid,
  sessions.application,
  sessions.host,
  sessions.state,
  sessions.polled_at
from (select (count(*) filter (where hidden))::int as hidden from sessions) as totals
left join sessions on sessions.polls and not sessions.hidden
order by sessions.polled_at desc
