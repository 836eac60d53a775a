-- What time it is in the database, once for each tick, and what kind of server answers.
-- Answers one row: now (Absurd's clock), started_at (the server's own clock, for the cost of the tick), standby.
-- Parameters: none. Reads no table.
select
  (select absurd.current_time()) as now,
  clock_timestamp() as started_at,
  pg_is_in_recovery() as standby
