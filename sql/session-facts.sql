-- Who and where we are, and which functions of Absurd there are: asked once after connecting.
-- Parameters: none. Reads settings and, by the name index of pg_proc (proname first) and that of pg_namespace,
-- the catalogue rows of a few functions; its cost does not depend on any queue.
select
    current_user::text as user_name,
    current_database()::text as database_name,
    current_setting('server_version') as server_version,
    current_setting('server_version_num')::int as server_version_num,
    current_setting('default_transaction_read_only')::bool as default_read_only,
    version() as version_text,
    pg_backend_pid() as backend_pid,
    pg_is_in_recovery() as standby,
    array(
        select p.proname::text
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'absurd'
          and p.proname = any (array[
              'spawn_task', 'cancel_task', 'validate_queue_name', 'get_schema_version', 'retry_task',
              'get_task_result', 'ensure_partitions', 'retry_delay_seconds'
          ])
        order by p.proname
        limit 20
    ) as functions;
