-- The newest events that were emitted in a queue: name, time, size of the payload.
-- Parameters: rows (how many).
-- Served by the index e_Q_eai (emitted_at), newest first; names that are only awaited stand at its other end (1970) and
-- are left out. Bounded by `rows`.
select
  event.event_name,
  event.emitted_at,
  pg_column_size(event.payload) as payload_bytes
from absurd.:"e_table" as event
where event.emitted_at > 'epoch'::timestamptz + interval '1 second'
order by event.emitted_at desc
limit :'rows'::int
