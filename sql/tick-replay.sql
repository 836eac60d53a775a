-- How far a standby lies behind its primary, asked with every tick of a standby.
-- Answers one row: replay_lag in milliseconds; null where nothing was replayed yet, or when this is a standby no more.
-- 0 while everything that was received is replayed and somebody still sends; else the time since the last transaction
-- that was replayed, which is how old the data may be.
-- Parameters: none. Reads shared memory, no table.
select
  case
    when not pg_is_in_recovery() then null
    when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
      and exists (select 1 from pg_stat_wal_receiver as receiver where receiver.pid is not null) then 0
    else greatest(0, date_part('epoch', clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)
  end::float8 as replay_lag
