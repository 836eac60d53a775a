-- What the registry says about a queue: its policy as JSON (columns came with release 0.4.0), and whether this database
-- has pg_cron.
-- Parameters: queue. Served by the registry's primary key.
select
  (to_jsonb(registry) - 'queue_name')::text as policy,
  to_regclass('cron.job') is not null as has_cron
from absurd.queues as registry
where registry.queue_name = :'queue'::text
