-- Emits an event: the first one of a name wins for ever (since 0.1.0) and wakes its waiters. One row that says nothing.
-- Parameters: queue, event, payload (JSON).
-- Writes; the function finds the event by its primary key and the waiters by the index on event_name.
select
  absurd.emit_event(:'queue'::text, :'event'::text, :'payload'::jsonb)::text as done
