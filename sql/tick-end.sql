-- When the last statement of a tick began to run: minus started_at of tick-clock this is the server's time for the tick.
-- Parameters: none. Reads no table.
select
  clock_timestamp() as ended_at
