-- When the oldest event that is still kept was emitted (names that are only awaited are dated 1970 and left out).
-- Parameters: none. Asked only where the index is there.
-- Served by the index e_Q_eai (emitted_at): one entry.
select
  event.emitted_at
from absurd.:"e_table" as event
where event.emitted_at > timestamptz '1970-01-02 00:00:00+00'
order by event.emitted_at
limit 1
