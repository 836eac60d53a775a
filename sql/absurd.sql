-- Absurd 0.5.0: durable execution in Postgres, in plain SQL.
--
-- Load this file once into an empty database (Postgres 14 or newer, or PGlite); it needs no extension. It is one
-- batch of statements that may run inside a transaction:
--
--     psql -1 -v ON_ERROR_STOP=1 -f absurd.sql
--
-- A *task* is a piece of work with parameters, and one row that says how it stands. A *run* is one attempt at it.
-- A *checkpoint* is the saved result of one of its steps, shared by all its runs. A *wait* is a run that sleeps until
-- an *event* is emitted. Each queue Q has its own tables: t_Q, r_Q, c_Q, w_Q, e_Q, and i_Q (the idempotency keys of a
-- partitioned queue). Queue names are any text of up to 57 bytes, so all SQL on these tables is dynamic and quoted.
--
-- Invariant: a task that is not finished has exactly one unfinished run, and both are in the same state.
--
-- Order of locks, everywhere: event, then runs (by run_id), then their tasks, then their waits. Whoever touches a wait
-- holds the lock of its run; a function that cannot keep the order skips what is locked instead of waiting for it.
-- (Each statement of a function sees what was committed before that statement: what a lock made it wait for is seen
-- by the next statement.)
--
-- Plans: the statistics of a queue are always out of date. A table that held nothing but finished runs when it was
-- last analysed may have a million sleeping ones now, and `state = 'sleeping'` still looks like the best way in. So
-- where rows are found by their key, a further condition on an indexed column is spelled such that no index serves
-- it: `state || '' = 'sleeping'`.
--
-- SQLSTATEs of its own: AB001 task cancelled, AB002 run already failed, AB003 invalid retry strategy.

create schema if not exists absurd;

----------------------------------------------------------------------------------------------------------------------
-- Clock and ids
----------------------------------------------------------------------------------------------------------------------

-- The clock of the engine. It moves within a transaction: a lease that starts at the start of a long transaction
-- would be born old. Tests stop it with `set absurd.fake_now = '2026-01-01 00:00:00+00'`.
create function absurd.current_time() returns timestamptz
language sql volatile as $$
  select coalesce(nullif(trim(current_setting('absurd.fake_now', true)), '')::timestamptz, clock_timestamp());
$$;

-- The release whose catalogue and behaviour this file has.
create function absurd.get_schema_version() returns text
language sql volatile as $$
  select '0.5.0'::text;
$$;

-- A UUIDv7: 48 bits of milliseconds, then chance. The server's own function also orders ids within a millisecond.
create function absurd.portable_uuidv7() returns uuid
language plpgsql volatile as $$
begin
  if to_regprocedure('pg_catalog.uuidv7()') is not null then
    return pg_catalog.uuidv7();
  end if;
  -- A random UUIDv4 has the right variant already; only the first 12 digits and the version digit are replaced.
  return (
    lpad(to_hex(floor(extract(epoch from absurd.current_time()) * 1000)::bigint), 12, '0')
    || '7'
    || substr(replace(gen_random_uuid()::text, '-', ''), 14)
  )::uuid;
end;
$$;

-- The instant in a UUIDv7, to the millisecond; NULL for any other uuid.
create function absurd.uuidv7_timestamp(p_id uuid) returns timestamptz
language plpgsql immutable strict as $$
declare
  v_ms bigint;
begin
  if substr(p_id::text, 15, 1) <> '7' then
    return null;
  end if;
  v_ms := ('x' || substr(replace(p_id::text, '-', ''), 1, 12))::bit(48)::bigint;
  -- Seconds and milliseconds apart: as one double the far future would lose microseconds.
  return timestamptz 'epoch' + (v_ms / 1000) * interval '1 second' + (v_ms % 1000) * interval '1 millisecond';
end;
$$;

-- The smallest UUIDv7 of an instant: the bounds of partitions, and of searches by creation time.
create function absurd.uuidv7_floor(p_ts timestamptz) returns uuid
language plpgsql immutable strict as $$
declare
  v_ms bigint := floor(extract(epoch from p_ts at time zone 'UTC') * 1000)::bigint;
begin
  if v_ms < 0 or v_ms >= 1::bigint << 48 then
    raise exception 'Timestamp "%" is outside UUIDv7 supported range', p_ts;
  end if;
  return (lpad(to_hex(v_ms), 12, '0') || '70008000000000000000')::uuid;
end;
$$;

-- Monday 00:00 UTC at or before an instant, whatever the time zone of the session.
create function absurd.week_bucket_utc(p_ts timestamptz) returns timestamptz
language sql immutable strict as $$
  select date_trunc('week', p_ts at time zone 'UTC') at time zone 'UTC';
$$;

-- Suffix of a weekly partition: last digit of the ISO year and two digits of the ISO week (2024-01-01 is 401).
create function absurd.partition_week_tag(p_ts timestamptz) returns text
language sql immutable strict as $$
  select (abs(extract(isoyear from p_ts at time zone 'UTC')::integer) % 10)::text
    || lpad(extract(week from p_ts at time zone 'UTC')::integer::text, 2, '0');
$$;

----------------------------------------------------------------------------------------------------------------------
-- Queues
----------------------------------------------------------------------------------------------------------------------

create table if not exists absurd.queues (
  queue_name text primary key,
  created_at timestamptz not null default absurd.current_time(),
  storage_mode text not null default 'unpartitioned' check (storage_mode in ('unpartitioned', 'partitioned')),
  default_partition text not null default 'enabled' check (default_partition in ('enabled', 'disabled')),
  partition_lookahead interval not null default '28 days' check (partition_lookahead >= interval '0'),
  partition_lookback interval not null default '1 day' check (partition_lookback >= interval '0'),
  cleanup_ttl interval not null default '30 days' check (cleanup_ttl >= interval '0'),
  cleanup_limit integer not null default 1000 check (cleanup_limit >= 1),
  detach_mode text not null default 'none' check (detach_mode in ('none', 'empty')),
  detach_min_age interval not null default '30 days' check (detach_min_age >= interval '0')
);

-- Answers the name, or raises. 57 bytes, because `r_<name>_sai` has to fit Postgres' 63.
create function absurd.validate_queue_name(p_queue_name text) returns text
language plpgsql volatile as $$
begin
  if p_queue_name is null or p_queue_name = '' then
    raise exception 'Queue name must be provided';
  end if;
  if octet_length(convert_to(p_queue_name, 'UTF8')) > 57 then
    raise exception 'Queue name "%" is too long (max 57 bytes).', p_queue_name;
  end if;
  return p_queue_name;
end;
$$;

-- Creates what a queue lacks of its tables, indexes and partitions. A name that is not registered gets unpartitioned
-- tables. Constraints are written inline: the names that Postgres gives them are part of the catalogue's contract.
create function absurd.ensure_queue_tables(p_queue_name text) returns void
language plpgsql volatile as $$
declare
  v_queue text := absurd.validate_queue_name(p_queue_name);
  v_partitioned boolean := coalesce(
    (select q.storage_mode = 'partitioned' from absurd.queues q where q.queue_name = v_queue), false);
  -- Tasks, runs and checkpoints are updated where they lie: room in the page keeps these updates cheap.
  v_by_task text := case when v_partitioned then 'partition by range (task_id)' else 'with (fillfactor = 70)' end;
  v_by_run text := case when v_partitioned then 'partition by range (run_id)' else 'with (fillfactor = 70)' end;
  v_states text := $q$'pending', 'running', 'sleeping', 'completed', 'failed', 'cancelled'$q$;
begin
  execute format(
    $q$
    create table if not exists absurd.%I (
      task_id uuid primary key,
      task_name text not null,
      params jsonb not null,
      headers jsonb,
      retry_strategy jsonb,
      max_attempts integer,
      cancellation jsonb,
      enqueue_at timestamptz not null default absurd.current_time(),
      first_started_at timestamptz,
      state text not null check (state in (%s)),
      attempts integer not null default 0,
      last_attempt_run uuid,
      completed_payload jsonb,
      cancelled_at timestamptz,
      idempotency_key text %s
    ) %s
    $q$,
    't_' || v_queue, v_states, case when not v_partitioned then 'unique' end, v_by_task);
  execute format(
    $q$
    create table if not exists absurd.%I (
      run_id uuid primary key,
      task_id uuid not null,
      attempt integer not null,
      state text not null check (state in (%s)),
      claimed_by text,
      claim_expires_at timestamptz,
      available_at timestamptz not null,
      wake_event text,
      event_payload jsonb,
      started_at timestamptz,
      completed_at timestamptz,
      failed_at timestamptz,
      result jsonb,
      failure_reason jsonb,
      created_at timestamptz not null default absurd.current_time()
    ) %s
    $q$,
    'r_' || v_queue, v_states, v_by_run);
  execute format(
    $q$
    create table if not exists absurd.%I (
      task_id uuid not null,
      checkpoint_name text not null,
      state jsonb,
      status text not null default 'committed',
      owner_run_id uuid,
      updated_at timestamptz not null default absurd.current_time(),
      primary key (task_id, checkpoint_name)
    ) %s
    $q$,
    'c_' || v_queue, v_by_task);
  execute format(
    $q$
    create table if not exists absurd.%I (
      event_name text primary key,
      payload jsonb,
      emitted_at timestamptz not null default absurd.current_time()
    )
    $q$,
    'e_' || v_queue);
  execute format(
    $q$
    create table if not exists absurd.%I (
      task_id uuid not null,
      run_id uuid not null,
      step_name text not null,
      event_name text not null,
      timeout_at timestamptz,
      created_at timestamptz not null default absurd.current_time(),
      primary key (run_id, step_name)
    ) %s
    $q$,
    'w_' || v_queue, case when v_partitioned then v_by_run end);

  execute format('create index if not exists %I on absurd.%I (state, available_at)',
    'r_' || v_queue || '_sai', 'r_' || v_queue);
  execute format('create index if not exists %I on absurd.%I (task_id)', 'r_' || v_queue || '_ti', 'r_' || v_queue);
  execute format(
    $q$
    create index if not exists %I on absurd.%I (claim_expires_at)
    where state = 'running' and claim_expires_at is not null
    $q$,
    'r_' || v_queue || '_cei', 'r_' || v_queue);
  execute format('create index if not exists %I on absurd.%I (emitted_at)',
    'e_' || v_queue || '_eai', 'e_' || v_queue);
  execute format('create index if not exists %I on absurd.%I (event_name)',
    'w_' || v_queue || '_eni', 'w_' || v_queue);
  execute format('create index if not exists %I on absurd.%I (task_id)', 'w_' || v_queue || '_ti', 'w_' || v_queue);

  -- When the cancellation policy of each unfinished task strikes, in seconds since the epoch. Every claim asks for
  -- what is due, and with this index the answer costs nothing however many tasks the queue has finished. The key is
  -- the very expression of claim_task. Seconds, not an instant: an instant plus 10^17 seconds would be an error. And
  -- a limit is the integer part of the value, or none where it is no number: nothing a client stores may raise here.
  execute format(
    $q$
    create index if not exists %I on absurd.%I ((
      case
        when first_started_at is null
        then extract(epoch from enqueue_at - timestamptz 'epoch')
          + substring(cancellation ->> 'max_delay' from '^[[:space:]]*([-+]?[0-9]{1,18})([.][0-9]*)?[[:space:]]*$')::bigint
        else extract(epoch from first_started_at - timestamptz 'epoch')
          + substring(cancellation ->> 'max_duration' from '^[[:space:]]*([-+]?[0-9]{1,18})([.][0-9]*)?[[:space:]]*$')::bigint
      end
    ))
    where state in ('pending', 'sleeping', 'running') and cancellation is not null
    $q$,
    't_' || v_queue || '_pol', 't_' || v_queue);

  if v_partitioned then
    -- A unique key cannot span partitions, so the keys have a table of their own.
    execute format(
      'create table if not exists absurd.%I (idempotency_key text primary key, task_id uuid not null)',
      'i_' || v_queue);
    execute format('create index if not exists %I on absurd.%I (task_id)',
      'i_' || v_queue || '_ti', 'i_' || v_queue);
    perform absurd.ensure_partitions(v_queue);
  end if;
end;
$$;

-- Creates a queue, or completes one of the same storage mode.
create function absurd.create_queue(p_queue_name text, p_storage_mode text) returns void
language plpgsql volatile as $$
declare
  v_queue text := absurd.validate_queue_name(p_queue_name);
  v_mode text := lower(trim(p_storage_mode));
  v_existing text;
begin
  if v_mode is null or v_mode not in ('unpartitioned', 'partitioned') then
    raise exception 'Unsupported queue storage mode "%"', p_storage_mode;
  end if;
  -- A second session that creates this queue waits here, and finds it complete.
  insert into absurd.queues (queue_name, storage_mode) values (v_queue, v_mode) on conflict (queue_name) do nothing;
  select q.storage_mode into v_existing from absurd.queues q where q.queue_name = v_queue for update;
  if v_existing is distinct from v_mode then
    raise exception 'Queue "%" already exists with storage mode "%"', v_queue, v_existing;
  end if;
  perform absurd.ensure_queue_tables(v_queue);
end;
$$;

create function absurd.create_queue(p_queue_name text) returns void
language plpgsql volatile as $$
begin
  perform absurd.create_queue(p_queue_name, 'unpartitioned');
end;
$$;

-- Drops a queue with everything in it; no word about one that does not exist. Partitions that were detached before
-- are no longer part of the queue and stay.
create function absurd.drop_queue(p_queue_name text) returns void
language plpgsql volatile as $$
declare
  v_prefix text;
begin
  perform 1 from absurd.queues q where q.queue_name = p_queue_name for update;
  if not found then
    return;
  end if;
  -- A name that is too long dates from before there were jobs, and disable_cron would refuse it.
  if octet_length(convert_to(p_queue_name, 'UTF8')) <= 57
    and to_regclass('cron.job') is not null
    and exists (select 1 from pg_proc p where p.pronamespace = to_regnamespace('cron') and p.proname = 'unschedule')
  then
    perform absurd.disable_cron(p_queue_name);
  end if;
  foreach v_prefix in array array['i_', 'w_', 'e_', 'c_', 'r_', 't_'] loop
    execute format('drop table if exists absurd.%I cascade', v_prefix || p_queue_name);
  end loop;
  delete from absurd.queues q where q.queue_name = p_queue_name;
end;
$$;

create function absurd.list_queues() returns table (queue_name text)
language plpgsql volatile as $$
begin
  return query select q.queue_name from absurd.queues q order by q.queue_name;
end;
$$;

create function absurd.get_queue_policy(p_queue_name text)
returns table (
  queue_name text,
  storage_mode text,
  default_partition text,
  partition_lookahead interval,
  partition_lookback interval,
  cleanup_ttl interval,
  cleanup_limit integer,
  detach_mode text,
  detach_min_age interval
)
language plpgsql volatile as $$
begin
  return query
    select q.queue_name, q.storage_mode, q.default_partition, q.partition_lookahead, q.partition_lookback,
      q.cleanup_ttl, q.cleanup_limit, q.detach_mode, q.detach_min_age
    from absurd.queues q
    where q.queue_name = p_queue_name;
end;
$$;

-- Changes the given keys of a queue's policy, all or none. Intervals are text, or a number of seconds.
create function absurd.set_queue_policy(p_queue_name text, p_policy jsonb) returns void
language plpgsql volatile as $$
declare
  v_name text := absurd.validate_queue_name(p_queue_name);
  v_policy jsonb := coalesce(p_policy, '{}');
  v_key text;
  v_intervals jsonb := '{}';
  v_old absurd.queues;
  v_new absurd.queues;
  v_prefix text;
  v_parent text;
  v_default text;
  v_rows boolean;
begin
  if jsonb_typeof(v_policy) <> 'object' then
    raise exception 'Queue policy must be a JSON object';
  end if;
  for v_key in select k from jsonb_object_keys(v_policy) k loop
    if v_key not in ('partition_lookahead', 'partition_lookback', 'cleanup_ttl', 'cleanup_limit', 'detach_mode',
      'detach_min_age', 'default_partition')
    then
      raise exception 'Unsupported queue policy key "%"', v_key;
    end if;
  end loop;
  select q.* into v_old from absurd.queues q where q.queue_name = v_name for update;
  if not found then
    raise exception 'Queue "%" does not exist', v_name;
  end if;

  v_new := v_old;
  foreach v_key in array array['partition_lookahead', 'partition_lookback', 'cleanup_ttl', 'detach_min_age'] loop
    if v_policy ? v_key then
      v_intervals := v_intervals || jsonb_build_object(v_key, case jsonb_typeof(v_policy -> v_key)
        when 'number' then make_interval(secs => (v_policy ->> v_key)::double precision)
        else (v_policy ->> v_key)::interval
      end);
    end if;
  end loop;
  v_new := jsonb_populate_record(v_new, v_intervals);
  if v_policy ? 'cleanup_limit' then
    v_new.cleanup_limit := (v_policy ->> 'cleanup_limit')::integer;
  end if;
  if v_policy ? 'detach_mode' then
    v_new.detach_mode := coalesce(lower(trim(v_policy ->> 'detach_mode')), '');
  end if;
  if v_policy ? 'default_partition' then
    v_new.default_partition := coalesce(lower(trim(v_policy ->> 'default_partition')), '');
  end if;

  if v_new.partition_lookahead < interval '0' then
    raise exception 'partition_lookahead must be non-negative';
  elsif v_new.partition_lookback < interval '0' then
    raise exception 'partition_lookback must be non-negative';
  elsif v_new.cleanup_ttl < interval '0' then
    raise exception 'cleanup_ttl must be non-negative';
  elsif v_new.cleanup_limit < 1 then
    raise exception 'cleanup_limit must be at least 1';
  elsif v_new.detach_mode not in ('none', 'empty') then
    raise exception 'Unsupported detach mode "%"', v_new.detach_mode;
  elsif v_new.detach_min_age < interval '0' then
    raise exception 'detach_min_age must be non-negative';
  elsif v_new.default_partition not in ('enabled', 'disabled') then
    raise exception 'Unsupported default_partition mode "%"', v_new.default_partition;
  elsif v_policy ? 'default_partition' and v_old.storage_mode <> 'partitioned' then
    raise exception 'default_partition policy is only supported for partitioned queues';
  end if;

  update absurd.queues q
  set partition_lookahead = v_new.partition_lookahead,
    partition_lookback = v_new.partition_lookback,
    cleanup_ttl = v_new.cleanup_ttl,
    cleanup_limit = v_new.cleanup_limit,
    detach_mode = v_new.detach_mode,
    detach_min_age = v_new.detach_min_age,
    default_partition = v_new.default_partition
  where q.queue_name = v_name;

  if v_old.default_partition = 'disabled' and v_new.default_partition = 'enabled' then
    perform absurd.ensure_partitions(v_name);
  elsif v_old.default_partition = 'enabled' and v_new.default_partition = 'disabled' then
    foreach v_prefix in array array['t_', 'r_', 'c_', 'w_'] loop
      v_parent := v_prefix || v_name;
      v_default := v_parent || '_d';
      if exists (
        select 1
        from pg_inherits i
        where i.inhparent = to_regclass(format('absurd.%I', v_parent))
          and i.inhrelid = to_regclass(format('absurd.%I', v_default))
      ) then
        execute format('lock table absurd.%I in access exclusive mode', v_default);
        execute format('select exists (select 1 from absurd.%I)', v_default) into v_rows;
        if v_rows then
          raise exception 'Cannot disable default_partition for queue "%": default partition "%" is not empty',
            v_name, v_default;
        end if;
        execute format('alter table absurd.%I detach partition absurd.%I', v_parent, v_default);
        execute format('drop table absurd.%I', v_default);
      end if;
    end loop;
  end if;
end;
$$;

----------------------------------------------------------------------------------------------------------------------
-- Tasks: spawn, result, retry, cancel
----------------------------------------------------------------------------------------------------------------------

-- Seconds between the failure of an attempt and the next one; AB003 if the strategy is not valid.
create function absurd.retry_delay_seconds(p_strategy jsonb, p_attempt integer) returns double precision
language plpgsql immutable as $$
declare
  v_kind text;
  v_base double precision;
  v_factor double precision := 2;
  v_max double precision := 86400;
  v_retries integer := greatest(coalesce(p_attempt, 1), 1) - 1;
  v_growth double precision;
begin
  if p_strategy is null then
    return 0;
  end if;
  if jsonb_typeof(p_strategy) <> 'object' then
    raise exception 'retry_strategy must be a JSON object' using errcode = 'AB003';
  end if;
  v_kind := coalesce(p_strategy ->> 'kind', 'none');
  if v_kind = 'none' then
    return 0;
  elsif v_kind not in ('fixed', 'exponential') then
    raise exception 'Unsupported retry strategy kind "%"', v_kind using errcode = 'AB003';
  end if;

  -- Only what the kind reads is checked. Postgres sorts NaN above every number, so a range also refuses NaN.
  begin
    v_base := coalesce((p_strategy ->> 'base_seconds')::double precision, case v_kind when 'fixed' then 60 else 30 end);
    if v_base not between 0 and 86400 then
      raise exception 'retry_strategy.base_seconds must be between 0 and 86400' using errcode = 'AB003';
    end if;
    if v_kind = 'exponential' then
      v_factor := coalesce((p_strategy ->> 'factor')::double precision, v_factor);
      if v_factor < 0 or v_factor >= double precision 'infinity' then
        raise exception 'retry_strategy.factor must be a finite non-negative number' using errcode = 'AB003';
      end if;
      v_max := coalesce((p_strategy ->> 'max_seconds')::double precision, v_max);
      if v_max not between 0 and 86400 then
        raise exception 'retry_strategy.max_seconds must be between 0 and 86400' using errcode = 'AB003';
      end if;
    end if;
  exception
    when invalid_text_representation or numeric_value_out_of_range then
      raise exception 'retry_strategy contains an invalid number' using errcode = 'AB003';
  end;

  if v_kind = 'fixed' then
    return v_base;
  elsif v_retries = 0 then
    return least(v_base, v_max);
  elsif v_base = 0 or v_factor = 0 then
    return 0;
  end if;
  -- The logarithms first: power() and the product raise an error on overflow and on underflow.
  v_growth := v_retries * ln(v_factor);
  if v_growth > 709 or v_growth + ln(v_base) > 12 then
    return v_max;
  elsif v_growth < -700 or v_growth + ln(v_base) < -690 then
    return 0;
  end if;
  return least(v_base * power(v_factor, v_retries), v_max);
end;
$$;

-- Enqueues a task with its first run. With an idempotency key that is taken it creates nothing and answers the task
-- that has the key, with its newest run.
create function absurd.spawn_task(
  p_queue_name text,
  p_task_name text,
  p_params jsonb,
  p_options jsonb default '{}'
)
returns table (task_id uuid, run_id uuid, attempt integer, created boolean)
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_options jsonb := case when jsonb_typeof(p_options) = 'object' then p_options else '{}' end;
  v_max_attempts integer;
  v_key text := v_options ->> 'idempotency_key';
  v_partitioned boolean := false;
  v_task_id uuid;
  v_run_id uuid;
  v_attempts integer;
  v_count integer;
begin
  if p_task_name is null or trim(p_task_name) = '' then
    raise exception 'task_name must be provided';
  end if;
  if v_options ? 'retry_strategy' then
    perform absurd.retry_delay_seconds(v_options -> 'retry_strategy', 1);
  end if;
  v_max_attempts := (v_options ->> 'max_attempts')::integer;
  if v_max_attempts < 1 then
    raise exception 'max_attempts must be >= 1';
  end if;
  if v_key is not null then
    v_partitioned := coalesce(
      (select q.storage_mode = 'partitioned' from absurd.queues q where q.queue_name = p_queue_name), false);
  end if;

  loop
    v_task_id := absurd.portable_uuidv7();
    v_run_id := absurd.portable_uuidv7();

    if v_partitioned then
      execute format(
        'insert into absurd.%I (idempotency_key, task_id) values ($1, $2) on conflict (idempotency_key) do nothing',
        'i_' || p_queue_name)
      using v_key, v_task_id;
      get diagnostics v_count = row_count;
      if v_count = 0 then
        -- Cleanup takes the key and the task together: holding the key keeps the task.
        execute format('select i.task_id from absurd.%I i where i.idempotency_key = $1 for key share',
          'i_' || p_queue_name)
        into v_task_id using v_key;
        execute format('select t.task_id, t.last_attempt_run, t.attempts from absurd.%I t where t.task_id = $1',
          't_' || p_queue_name)
        into v_task_id, v_run_id, v_attempts using v_task_id;
        if v_task_id is null then
          raise exception 'Idempotency key "%" in queue "%" was concurrently cleaned up', v_key, p_queue_name
            using errcode = '40001', hint = 'Retry spawn_task with the same idempotency key.';
        end if;
        if v_run_id is null then
          raise exception 'Idempotency key "%" in queue "%" resolved to task "%" without a run',
            v_key, p_queue_name, v_task_id;
        end if;
        return query select v_task_id, v_run_id, v_attempts, false;
        return;
      end if;
    end if;

    execute format(
      $q$
      with task as (
        insert into absurd.%I (task_id, task_name, params, headers, retry_strategy, max_attempts, cancellation,
          enqueue_at, state, attempts, last_attempt_run, idempotency_key)
        values ($1, $3, $4, $5, $6, $7, $8, $10, 'pending', 1, $2, $9)
        %s
        returning task_id
      )
      insert into absurd.%I (run_id, task_id, attempt, state, available_at)
      select $2, task.task_id, 1, 'pending', $10 from task
      $q$,
      't_' || p_queue_name,
      case when v_key is not null and not v_partitioned then 'on conflict (idempotency_key) do nothing' end,
      'r_' || p_queue_name)
    using v_task_id, v_run_id, p_task_name, coalesce(p_params, 'null'), v_options -> 'headers',
      v_options -> 'retry_strategy', v_max_attempts, v_options -> 'cancellation', v_key, v_now;
    get diagnostics v_count = row_count;
    if v_count = 1 then
      return query select v_task_id, v_run_id, 1, true;
      return;
    end if;

    execute format(
      'select t.task_id, t.last_attempt_run, t.attempts from absurd.%I t where t.idempotency_key = $1',
      't_' || p_queue_name)
    into v_task_id, v_run_id, v_attempts using v_key;
    if v_task_id is not null then
      return query select v_task_id, v_run_id, v_attempts, false;
      return;
    end if;
    -- Cleaned up between the two statements, so the key is free: once more.
  end loop;
end;
$$;

-- State of a task, with its result if completed or the failure of its last run if failed. No row if unknown.
create function absurd.get_task_result(p_queue_name text, p_task_id uuid)
returns table (task_id uuid, state text, result jsonb, failure_reason jsonb)
language plpgsql volatile as $$
begin
  return query execute format(
    $q$
    select t.task_id, t.state,
      case when t.state = 'completed' then t.completed_payload end,
      case when t.state = 'failed' then r.failure_reason end
    from absurd.%I t
    left join absurd.%I r on r.run_id = t.last_attempt_run
    where t.task_id = $1
    $q$,
    't_' || absurd.validate_queue_name(p_queue_name), 'r_' || p_queue_name)
  using p_task_id;
end;
$$;

-- Gives a failed task another attempt, in place (its checkpoints are kept) or as a new task (`spawn_new`).
create function absurd.retry_task(p_queue_name text, p_task_id uuid, p_options jsonb default '{}')
returns table (task_id uuid, run_id uuid, attempt integer, created boolean)
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_spawn_new boolean := coalesce((p_options ->> 'spawn_new')::boolean, false);
  v_max_attempts integer := (p_options ->> 'max_attempts')::integer;
  v_run_id uuid;
  v_task record;
begin
  if v_max_attempts < 1 then
    raise exception 'max_attempts must be >= 1';
  end if;
  execute format(
    $q$
    select t.state, t.attempts, t.max_attempts, t.task_name, t.params, t.headers, t.retry_strategy, t.cancellation
    from absurd.%I t
    where t.task_id = $1
    for update
    $q$,
    't_' || p_queue_name)
  into v_task using p_task_id;
  if v_task.state is null then
    raise exception 'Task "%" not found in queue "%"', p_task_id, p_queue_name;
  end if;
  if v_task.state <> 'failed' then
    raise exception 'Task "%" is not currently failed in queue "%"', p_task_id, p_queue_name;
  end if;

  if v_spawn_new then
    return query
      select s.task_id, s.run_id, s.attempt, s.created
      from absurd.spawn_task(p_queue_name, v_task.task_name, v_task.params, jsonb_strip_nulls(jsonb_build_object(
        'headers', v_task.headers,
        'retry_strategy', v_task.retry_strategy,
        'max_attempts', coalesce(v_max_attempts, v_task.max_attempts),
        'cancellation', v_task.cancellation
      ))) s;
    return;
  end if;

  if v_max_attempts <= v_task.attempts then
    raise exception 'max_attempts (%) must be greater than current attempts (%)', v_max_attempts, v_task.attempts;
  end if;
  v_run_id := absurd.portable_uuidv7();
  execute format(
    $q$
    insert into absurd.%I (run_id, task_id, attempt, state, available_at) values ($1, $2, $3, 'pending', $4)
    $q$,
    'r_' || p_queue_name)
  using v_run_id, p_task_id, v_task.attempts + 1, v_now;
  execute format(
    $q$
    update absurd.%I t
    set state = 'pending', attempts = $2, max_attempts = $3, last_attempt_run = $4, cancelled_at = null
    where t.task_id = $1
    $q$,
    't_' || p_queue_name)
  using p_task_id, v_task.attempts + 1,
    coalesce(v_max_attempts, coalesce(v_task.max_attempts, v_task.attempts) + 1), v_run_id;
  return query select p_task_id, v_run_id, v_task.attempts + 1, false;
end;
$$;

-- Cancels a task unless it is finished. A worker that holds its run learns of it at its next call (AB001).
create function absurd.cancel_task(p_queue_name text, p_task_id uuid) returns void
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_state text;
  v_locked integer;
  v_open boolean;
begin
  -- Holding the open run keeps the task as it is. While we waited for it the run may have failed and left a new one
  -- in its place; that one has to be held before the task too, or a worker completing it would wait for us in turn.
  loop
    execute format(
      $q$
      select 1
      from absurd.%I r
      where r.task_id = $1 and r.state || '' in ('pending', 'sleeping', 'running')
      order by r.run_id
      for update
      $q$,
      'r_' || p_queue_name)
    using p_task_id;
    get diagnostics v_locked = row_count;
    exit when v_locked > 0;
    execute format(
      $q$
      select exists (
        select 1 from absurd.%I r where r.task_id = $1 and r.state || '' in ('pending', 'sleeping', 'running')
      )
      $q$,
      'r_' || p_queue_name)
    into v_open using p_task_id;
    exit when not v_open;
  end loop;

  execute format('select t.state from absurd.%I t where t.task_id = $1 for update', 't_' || p_queue_name)
  into v_state using p_task_id;
  if v_state is null then
    raise exception 'Task "%" not found in queue "%"', p_task_id, p_queue_name;
  end if;
  if v_state in ('completed', 'failed', 'cancelled') then
    return;
  end if;

  execute format(
    $q$
    with cancelled as (
      update absurd.%I r
      set state = 'cancelled', claimed_by = null, claim_expires_at = null
      where r.task_id = $1 and r.state || '' in ('pending', 'sleeping', 'running')
    )
    update absurd.%I t
    set state = 'cancelled', cancelled_at = coalesce(t.cancelled_at, $2)
    where t.task_id = $1
    $q$,
    'r_' || p_queue_name, 't_' || p_queue_name)
  using p_task_id, v_now;
  execute format('delete from absurd.%I w where w.task_id = $1', 'w_' || p_queue_name) using p_task_id;
end;
$$;

----------------------------------------------------------------------------------------------------------------------
-- Runs: claim, complete, fail, schedule, extend
----------------------------------------------------------------------------------------------------------------------

-- What a worker polls: applies cancellation policies, fails runs whose lease has run out, and hands out up to p_qty
-- due runs, with a lease of p_claim_timeout seconds (none if below 1).
--
-- Nothing here may get dearer with the history of the queue, and every step reads an index in its order, so that it
-- stops after what it hands out, however long the backlog:
--   policies   t_Q_pol, in order of the deadline
--   leases     r_Q_cei, in order of the lease's end
--   due runs   r_Q_sai, twice: pending and sleeping, merged by available_at
-- Most polls find nothing. One question, whether there is anything, answers those. To parse and plan it takes many
-- times as long as the answer, more so with every partition, and the statements that hand out runs are no different. So
-- a session keeps the three as prepared statements, for each queue that it polls, up to 64 of them. Nobody has to care
-- for these: where one is missing, after a DISCARD or in the next session of a pool, it is made; after a change of the
-- tables the server plans it anew. They are neither made nor used where somebody acts in another role than the
-- session's own, as in a function with SECURITY DEFINER: what a statement of this name does was for the session's user
-- to say, and would be done with other rights. Their plans are made without the values, so that no plan is good for
-- one value and bad for the next.
-- (What locks rows must not stand in a block with an exception handler: that is a subtransaction, and a row locked by
-- one and updated by another costs a multixact. So the handler is for the question alone.)
create function absurd.claim_task(
  p_queue_name text,
  p_worker_id text,
  p_claim_timeout integer default 30,
  p_qty integer default 1
)
returns table (
  run_id uuid,
  task_id uuid,
  attempt integer,
  task_name text,
  params jsonb,
  retry_strategy jsonb,
  max_attempts integer,
  headers jsonb,
  wake_event text,
  event_payload jsonb
)
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_worker text := coalesce(nullif(p_worker_id, ''), 'worker');
  v_timeout integer := coalesce(p_claim_timeout, 30);
  v_lease_end timestamptz := case when v_timeout >= 1 then v_now + make_interval(secs => v_timeout) end;
  v_qty integer := greatest(coalesce(p_qty, 1), 1);
  v_seqscan text := current_setting('enable_seqscan');
  v_bitmapscan text := current_setting('enable_bitmapscan');
  v_sort text := current_setting('enable_sort');
  v_jit text := current_setting('jit');
  v_plan_mode text := current_setting('plan_cache_mode');
  -- Where a statement changes, so must its name. All names of a queue end alike.
  v_ask text := 'absurd_claim_ask_' || md5(p_queue_name);
  v_due_runs text := 'absurd_claim_due_' || md5(p_queue_name);
  v_take text := 'absurd_claim_take_' || md5(p_queue_name);
  v_kept boolean := session_user = current_user;
  -- The key of the index t_Q_pol; ensure_queue_tables explains it.
  v_deadline text := $q$(
    case
      when first_started_at is null
      then extract(epoch from enqueue_at - timestamptz 'epoch')
        + substring(cancellation ->> 'max_delay' from '^[[:space:]]*([-+]?[0-9]{1,18})([.][0-9]*)?[[:space:]]*$')::bigint
      else extract(epoch from first_started_at - timestamptz 'epoch')
        + substring(cancellation ->> 'max_duration' from '^[[:space:]]*([-+]?[0-9]{1,18})([.][0-9]*)?[[:space:]]*$')::bigint
    end
  )$q$;
  v_statement text;
  v_asked boolean := false;
  v_other text;
  v_policies boolean;
  v_leases boolean;
  v_due boolean;
  v_cancel uuid[];
  v_task_id uuid;
  v_free boolean;
  v_run record;
  v_run_ids uuid[];
begin
  -- However wrong the statistics are, read the indexes, in their order. Bitmap scans are out also because they do not
  -- mark the entries of dead rows that they come across: every poll until the next vacuum would visit them again.
  perform set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('enable_sort', 'off', true), set_config('jit', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true);

  -- The clock goes in as UTC without a zone: an instant as text may name a zone that means two things.
  if v_kept then
    begin
      execute format('execute %I (%L)', v_ask, v_now at time zone 'UTC') into v_policies, v_leases, v_due;
      v_asked := true;
    exception
      when invalid_sql_statement_name then null;
    end;
  end if;
  if not v_asked then
    v_statement := format(
      $q$
      select
        (
          select true
          from absurd.%1$I t
          where t.state in ('pending', 'sleeping', 'running') and t.cancellation is not null
            and %3$s <= extract(epoch from ($1 at time zone 'UTC') - timestamptz 'epoch')
          order by %3$s
          limit 1
        ),
        (
          select true
          from absurd.%2$I r
          where r.state = 'running' and r.claim_expires_at is not null and r.claim_expires_at <= $1 at time zone 'UTC'
          order by r.claim_expires_at
          limit 1
        ),
        exists (
          select 1
          from absurd.%2$I r
          where r.state in ('pending', 'sleeping') and r.available_at <= $1 at time zone 'UTC'
        )
      $q$,
      't_' || p_queue_name, 'r_' || p_queue_name, v_deadline);
    if not v_kept then
      execute v_statement into v_policies, v_leases, v_due using v_now at time zone 'UTC';
    else
      -- Any one queue makes room: the oldest would always be the next to be asked for by who polls in turn.
      for v_other in
        select p.name
        from pg_prepared_statements p
        where starts_with(p.name, 'absurd_claim_') and right(p.name, 32) = (
          select right(q.name, 32)
          from pg_prepared_statements q
          where starts_with(q.name, 'absurd_claim_ask_')
          order by random()
          offset 63
          limit 1
        )
      loop
        execute format('deallocate %I', v_other);
      end loop;
      execute format('prepare %I (timestamp) as ', v_ask) || v_statement;
      execute format('execute %I (%L)', v_ask, v_now at time zone 'UTC') into v_policies, v_leases, v_due;
    end if;
  end if;

  -- 1. Tasks whose policy has run out: all of them, each with its run first, then the task. What somebody holds is left
  --    to the next poll; a worker that completes its run just now is about to make the cancellation pointless.
  if v_policies then
    execute format(
      $q$
      select array(
        select t.task_id
        from absurd.%1$I t
        where t.state in ('pending', 'sleeping', 'running') and t.cancellation is not null
          and %2$s <= extract(epoch from $1 - timestamptz 'epoch')
        order by %2$s
      )
      $q$,
      't_' || p_queue_name, v_deadline)
    into v_cancel using v_now;
    for v_task_id in select id from unnest(v_cancel) id order by id loop
      execute format(
        $q$
        select count(*) = (
          select count(*)
          from absurd.%1$I r
          where r.task_id = $1 and r.state || '' in ('pending', 'sleeping', 'running')
        )
        from (
          select 1
          from absurd.%1$I r
          where r.task_id = $1 and r.state || '' in ('pending', 'sleeping', 'running')
          for update skip locked
        ) held
        $q$,
        'r_' || p_queue_name)
      into v_free using v_task_id;
      continue when not v_free;
      execute format(
        $q$
        select true
        from absurd.%1$I t
        where t.task_id = $2 and t.state in ('pending', 'sleeping', 'running') and t.cancellation is not null
          and %2$s <= extract(epoch from $1 - timestamptz 'epoch')
        for update skip locked
        $q$,
        't_' || p_queue_name, v_deadline)
      into v_free using v_now, v_task_id;
      if v_free then
        perform absurd.cancel_task(p_queue_name, v_task_id);
      end if;
    end loop;
  end if;

  -- 2. Runs whose worker has let the lease run out. Their retries may be due at once.
  if v_leases then
    for v_run in execute format(
      $q$
      select r.run_id, r.claimed_by, r.claim_expires_at, r.attempt
      from absurd.%I r
      where r.state = 'running' and r.claim_expires_at is not null and r.claim_expires_at <= $1
      order by r.claim_expires_at, r.run_id
      limit $2
      for update skip locked
      $q$,
      'r_' || p_queue_name)
    using v_now, v_qty
    loop
      perform absurd.fail_run(p_queue_name, v_run.run_id, jsonb_strip_nulls(jsonb_build_object(
        'name', '$ClaimTimeout',
        'message', 'worker did not finish task within claim interval',
        'workerId', v_run.claimed_by,
        'claimExpiredAt', v_run.claim_expires_at,
        'attempt', v_run.attempt
      )));
    end loop;
  end if;

  -- 3. Due runs. The order comes from two index scans (one of both states at once would have to read and sort all that
  --    is due), and row by row the run and its task are locked, until there are enough that nobody else holds.
  --    (Here and below `= any (array[id])` is an equality for which the planner has but one plan, a look into the
  --    index for each id. It neither merges nor hashes by it: dear in a table that was small when it was planned.)
  if v_due or v_leases then
    v_statement := format(
      $q$
      select array_agg(picked.run_id)
      from (
        select held.run_id
        from (
          (
            select r.run_id, r.available_at
            from absurd.%1$I r
            where r.state = 'pending' and r.available_at <= $1 at time zone 'UTC'
            order by r.available_at, r.run_id
          )
          union all
          (
            select r.run_id, r.available_at
            from absurd.%1$I r
            where r.state = 'sleeping' and r.available_at <= $1 at time zone 'UTC'
            order by r.available_at, r.run_id
          )
          order by available_at, run_id
        ) due
        cross join lateral (
          select r.run_id
          from absurd.%1$I r
          join absurd.%2$I t on t.task_id = any (array[r.task_id])
          where r.run_id = due.run_id
            and r.state || '' in ('pending', 'sleeping') and r.available_at + interval '0' <= $1 at time zone 'UTC'
            and t.state || '' in ('pending', 'sleeping', 'running')
          for update of r, t skip locked
        ) held
        order by due.available_at, due.run_id
        limit $2
      ) picked
      $q$,
      'r_' || p_queue_name, 't_' || p_queue_name);
    if not v_kept then
      execute v_statement into v_run_ids using v_now at time zone 'UTC', v_qty;
    else
      if not exists (select 1 from pg_prepared_statements p where p.name = v_due_runs) then
        execute format('prepare %I (timestamp, integer) as ', v_due_runs) || v_statement;
      end if;
      execute format('execute %I (%L, %s)', v_due_runs, v_now at time zone 'UTC', v_qty) into v_run_ids;
    end if;
  end if;

  if v_run_ids is not null then
    v_statement := format(
      $q$
      with claimed as (
        update absurd.%I r
        set state = 'running', claimed_by = $2, claim_expires_at = $3 at time zone 'UTC',
          started_at = $4 at time zone 'UTC', available_at = $4 at time zone 'UTC'
        from unnest($1) with ordinality given (run_id, position)
        where r.run_id = any (array[given.run_id])
        returning r.run_id, r.task_id, r.attempt, r.wake_event, r.event_payload, given.position
      ), started as (
        update absurd.%I t
        set state = 'running',
          attempts = greatest(t.attempts, c.attempt),
          first_started_at = coalesce(t.first_started_at, $4 at time zone 'UTC'),
          last_attempt_run = c.run_id
        from claimed c
        where t.task_id = any (array[c.task_id])
        returning c.run_id, t.task_id, c.attempt, t.task_name, t.params, t.retry_strategy, t.max_attempts, t.headers,
          c.wake_event, c.event_payload, c.position
      ), timed_out as (
        delete from absurd.%I w where w.run_id = any ($1) and w.timeout_at <= $4 at time zone 'UTC'
      )
      select s.run_id, s.task_id, s.attempt, s.task_name, s.params, s.retry_strategy, s.max_attempts, s.headers,
        s.wake_event, s.event_payload
      from started s
      order by s.position
      $q$,
      'r_' || p_queue_name, 't_' || p_queue_name, 'w_' || p_queue_name);
    if not v_kept then
      return query execute v_statement
      using v_run_ids, v_worker, v_lease_end at time zone 'UTC', v_now at time zone 'UTC';
    else
      if not exists (select 1 from pg_prepared_statements p where p.name = v_take) then
        execute format('prepare %I (uuid[], text, timestamp, timestamp) as ', v_take) || v_statement;
      end if;
      return query execute format('execute %I (%L, %L, %L, %L)',
        v_take, v_run_ids, v_worker, v_lease_end at time zone 'UTC', v_now at time zone 'UTC');
    end if;
  end if;

  perform set_config('enable_seqscan', v_seqscan, true), set_config('enable_bitmapscan', v_bitmapscan, true),
    set_config('enable_sort', v_sort, true), set_config('jit', v_jit, true),
    set_config('plan_cache_mode', v_plan_mode, true);
end;
$$;

-- Ends a running run, and with it its task, with a result.
create function absurd.complete_run(p_queue_name text, p_run_id uuid, p_state jsonb default null) returns void
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_task_id uuid;
  v_state text;
begin
  execute format('select r.task_id, r.state from absurd.%I r where r.run_id = $1 for update', 'r_' || p_queue_name)
  into v_task_id, v_state using p_run_id;
  if v_state is null then
    raise exception 'Run "%" not found in queue "%"', p_run_id, p_queue_name;
  elsif v_state = 'cancelled' then
    raise exception 'Task has been cancelled' using errcode = 'AB001';
  elsif v_state = 'failed' then
    raise exception 'Run "%" has already failed in queue "%"', p_run_id, p_queue_name using errcode = 'AB002';
  elsif v_state <> 'running' then
    raise exception 'Run "%" is not currently running in queue "%"', p_run_id, p_queue_name;
  end if;

  execute format(
    $q$
    with run as (
      update absurd.%I r set state = 'completed', completed_at = $3, result = $4 where r.run_id = $1
    ), waits as (
      delete from absurd.%I w where w.run_id = $1
    )
    update absurd.%I t
    set state = 'completed', completed_payload = $4, last_attempt_run = $1
    where t.task_id = $2
    $q$,
    'r_' || p_queue_name, 'w_' || p_queue_name, 't_' || p_queue_name)
  using p_run_id, v_task_id, v_now, p_state;
end;
$$;

-- Ends a run with a failure. If the task has attempts left it gets a new run, due at p_retry_at or after the delay of
-- its retry strategy, unless that would be past its max_duration: then it is cancelled. Else it has failed for good.
create function absurd.fail_run(
  p_queue_name text,
  p_run_id uuid,
  p_reason jsonb,
  p_retry_at timestamptz default null
) returns void
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_run record;
  v_task record;
  v_retry boolean;
  v_retry_at timestamptz := p_retry_at;
  v_max_duration bigint;
  v_state text := 'failed';
  v_new_run uuid;
begin
  execute format('select r.task_id, r.attempt, r.state from absurd.%I r where r.run_id = $1 for update',
    'r_' || p_queue_name)
  into v_run using p_run_id;
  if v_run.state = 'cancelled' then
    raise exception 'Task has been cancelled' using errcode = 'AB001';
  elsif v_run.state = 'failed' then
    raise exception 'Run "%" has already failed in queue "%"', p_run_id, p_queue_name using errcode = 'AB002';
  elsif v_run.state is null or v_run.state not in ('running', 'sleeping') then
    raise exception 'Run "%" cannot be failed in queue "%"', p_run_id, p_queue_name;
  end if;
  execute format(
    $q$
    select t.retry_strategy, t.max_attempts, t.first_started_at, t.cancellation
    from absurd.%I t
    where t.task_id = $1
    for update
    $q$,
    't_' || p_queue_name)
  into v_task using v_run.task_id;

  v_retry := v_task.max_attempts is null or v_run.attempt + 1 <= v_task.max_attempts;
  if v_retry and v_retry_at is null then
    begin
      v_retry_at := v_now + make_interval(secs => absurd.retry_delay_seconds(v_task.retry_strategy, v_run.attempt));
    exception
      -- A strategy stored by an older release. Raising would make every claim of the queue fail on this run.
      when sqlstate 'AB003' then
        v_retry := false;
    end;
  end if;
  if v_retry then
    v_retry_at := greatest(v_retry_at, v_now);
    -- The whole part, as in claim_task: what a claim cancels by and what a failure cancels by is one number, and no
    -- fraction of a second that a client has stored keeps a run from being failed.
    v_max_duration := substring(v_task.cancellation ->> 'max_duration'
      from '^[[:space:]]*([-+]?[0-9]{1,18})([.][0-9]*)?[[:space:]]*$')::bigint;
    if v_max_duration is not null and v_task.first_started_at is not null and (
      v_retry_at = 'infinity' or extract(epoch from v_retry_at - v_task.first_started_at) >= v_max_duration
    ) then
      v_state := 'cancelled';
    else
      v_state := case when v_retry_at > v_now then 'sleeping' else 'pending' end;
      v_new_run := absurd.portable_uuidv7();
    end if;
  end if;

  execute format(
    $q$
    with waits as (
      delete from absurd.%I w where w.run_id = $1
    )
    update absurd.%I r
    set state = 'failed', failed_at = $2, failure_reason = $3, wake_event = null
    where r.run_id = $1
    $q$,
    'w_' || p_queue_name, 'r_' || p_queue_name)
  using p_run_id, v_now, p_reason;
  if v_new_run is not null then
    execute format(
      'insert into absurd.%I (run_id, task_id, attempt, state, available_at) values ($1, $2, $3, $4, $5)',
      'r_' || p_queue_name)
    using v_new_run, v_run.task_id, v_run.attempt + 1, v_state, v_retry_at;
  end if;
  execute format(
    $q$
    update absurd.%I t
    set state = $2,
      attempts = greatest(t.attempts, $3),
      last_attempt_run = $4,
      cancelled_at = case when $2 = 'cancelled' then coalesce(t.cancelled_at, $5) else t.cancelled_at end
    where t.task_id = $1
    $q$,
    't_' || p_queue_name)
  using v_run.task_id, v_state, case when v_new_run is null then v_run.attempt else v_run.attempt + 1 end,
    coalesce(v_new_run, p_run_id), v_now;
end;
$$;

-- Lets a running run sleep until an instant; the same run and attempt goes on then.
create function absurd.schedule_run(p_queue_name text, p_run_id uuid, p_wake_at timestamptz) returns void
language plpgsql volatile as $$
declare
  v_task_id uuid;
  v_state text;
begin
  execute format('select r.task_id, r.state from absurd.%I r where r.run_id = $1 for update', 'r_' || p_queue_name)
  into v_task_id, v_state using p_run_id;
  if v_state is distinct from 'running' then
    raise exception 'Run "%" is not currently running in queue "%"', p_run_id, p_queue_name;
  end if;
  execute format(
    $q$
    with run as (
      update absurd.%I r
      set state = 'sleeping', claimed_by = null, claim_expires_at = null, available_at = $3, wake_event = null
      where r.run_id = $1
    )
    update absurd.%I t set state = 'sleeping' where t.task_id = $2
    $q$,
    'r_' || p_queue_name, 't_' || p_queue_name)
  using p_run_id, v_task_id, p_wake_at;
end;
$$;

-- Heartbeat: the lease of a running run ends in p_extend_by seconds from now.
create function absurd.extend_claim(p_queue_name text, p_run_id uuid, p_extend_by integer) returns void
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_run record;
  v_task_state text;
begin
  if p_extend_by is null or p_extend_by <= 0 then
    raise exception 'extend_by must be > 0';
  end if;
  execute format('select r.task_id, r.state, r.claim_expires_at from absurd.%I r where r.run_id = $1 for update',
    'r_' || p_queue_name)
  into v_run using p_run_id;
  execute format('select t.state from absurd.%I t where t.task_id = $1 for update', 't_' || p_queue_name)
  into v_task_state using v_run.task_id;
  if v_task_state is null then
    raise exception 'Run "%" not found in queue "%"', p_run_id, p_queue_name;
  elsif v_task_state = 'cancelled' then
    raise exception 'Task has been cancelled' using errcode = 'AB001';
  elsif v_run.state = 'failed' then
    raise exception 'Run "%" has already failed in queue "%"', p_run_id, p_queue_name using errcode = 'AB002';
  elsif v_run.state <> 'running' then
    raise exception 'Run "%" is not currently running in queue "%"', p_run_id, p_queue_name;
  elsif v_run.claim_expires_at is null then
    raise exception 'Run "%" does not have an active claim in queue "%"', p_run_id, p_queue_name;
  end if;
  execute format('update absurd.%I r set claim_expires_at = $2 where r.run_id = $1', 'r_' || p_queue_name)
  using p_run_id, v_now + make_interval(secs => p_extend_by);
end;
$$;

----------------------------------------------------------------------------------------------------------------------
-- Checkpoints
----------------------------------------------------------------------------------------------------------------------

-- Saves the result of a step, and optionally moves the end of the lease to p_extend_claim_by seconds from now. What a
-- later attempt has written stays: a worker that lost its lease may still be at work.
create function absurd.set_task_checkpoint_state(
  p_queue_name text,
  p_task_id uuid,
  p_step_name text,
  p_state jsonb,
  p_owner_run uuid,
  p_extend_claim_by integer default null
) returns void
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_run record;
  v_task_state text;
  v_owner uuid := p_owner_run;
  v_owner_attempt integer;
  v_written integer;
begin
  if p_step_name is null or trim(p_step_name) = '' then
    raise exception 'step_name must be provided';
  end if;
  execute format('select r.task_id, r.state, r.attempt from absurd.%I r where r.run_id = $1', 'r_' || p_queue_name)
  into v_run using p_owner_run;
  execute format('select t.state from absurd.%I t where t.task_id = $1', 't_' || p_queue_name)
  into v_task_state using v_run.task_id;
  if v_task_state is null then
    raise exception 'Run "%" not found for checkpoint', p_owner_run;
  elsif v_task_state = 'cancelled' then
    raise exception 'Task has been cancelled' using errcode = 'AB001';
  elsif v_run.state = 'failed' then
    raise exception 'Run "%" has already failed in queue "%"', p_owner_run, p_queue_name using errcode = 'AB002';
  end if;

  if p_extend_claim_by > 0 then
    execute format(
      $q$
      update absurd.%I r
      set claim_expires_at = $2
      where r.run_id = $1 and r.state || '' = 'running' and r.claim_expires_at is not null
      $q$,
      'r_' || p_queue_name)
    using p_owner_run, v_now + make_interval(secs => p_extend_claim_by);
  end if;

  -- It is nearly always a new checkpoint, or one of this very run. If it is somebody else's, see whose, and come back
  -- for it only as long as it is still theirs.
  loop
    execute format(
      $q$
      insert into absurd.%I as c (task_id, checkpoint_name, state, status, owner_run_id, updated_at)
      values ($1, $2, $3, 'committed', $4, $5)
      on conflict (task_id, checkpoint_name) do update
      set state = excluded.state, status = 'committed', owner_run_id = excluded.owner_run_id,
        updated_at = excluded.updated_at
      where c.owner_run_id is null or c.owner_run_id in ($4, $6)
      $q$,
      'c_' || p_queue_name)
    using p_task_id, p_step_name, p_state, p_owner_run, v_now, v_owner;
    get diagnostics v_written = row_count;
    exit when v_written > 0;

    execute format('select c.owner_run_id from absurd.%I c where c.task_id = $1 and c.checkpoint_name = $2',
      'c_' || p_queue_name)
    into v_owner using p_task_id, p_step_name;
    execute format('select r.attempt from absurd.%I r where r.run_id = $1', 'r_' || p_queue_name)
    into v_owner_attempt using v_owner;
    exit when v_owner_attempt > v_run.attempt;
  end loop;
end;
$$;

-- One checkpoint by name; no row if there is none.
create function absurd.get_task_checkpoint_state(
  p_queue_name text,
  p_task_id uuid,
  p_step_name text,
  p_include_pending boolean default false
)
returns table (checkpoint_name text, state jsonb, status text, owner_run_id uuid, updated_at timestamptz)
language plpgsql volatile as $$
begin
  return query execute format(
    $q$
    select c.checkpoint_name, c.state, c.status, c.owner_run_id, c.updated_at
    from absurd.%I c
    where c.task_id = $1 and c.checkpoint_name = $2 and ($3 or c.status = 'committed')
    $q$,
    'c_' || p_queue_name)
  using p_task_id, p_step_name, coalesce(p_include_pending, false);
end;
$$;

-- The checkpoints that a run goes on from, oldest first: written by itself or by an earlier attempt.
create function absurd.get_task_checkpoint_states(p_queue_name text, p_task_id uuid, p_run_id uuid)
returns table (checkpoint_name text, state jsonb, status text, owner_run_id uuid, updated_at timestamptz)
language plpgsql volatile as $$
declare
  v_task_id uuid;
  v_attempt integer;
begin
  execute format('select r.task_id, r.attempt from absurd.%I r where r.run_id = $1', 'r_' || p_queue_name)
  into v_task_id, v_attempt using p_run_id;
  if v_task_id is null then
    raise exception 'Run "%" not found in queue "%"', p_run_id, p_queue_name;
  elsif v_task_id <> p_task_id then
    raise exception 'Run "%" does not belong to task "%" in queue "%"', p_run_id, p_task_id, p_queue_name;
  end if;
  return query execute format(
    $q$
    select c.checkpoint_name, c.state, c.status, c.owner_run_id, c.updated_at
    from absurd.%I c
    left join absurd.%I owner on owner.run_id = c.owner_run_id
    where c.task_id = $1 and c.status = 'committed' and coalesce(owner.attempt <= $2, true)
    order by c.updated_at
    $q$,
    'c_' || p_queue_name, 'r_' || p_queue_name)
  using p_task_id, v_attempt;
end;
$$;

----------------------------------------------------------------------------------------------------------------------
-- Events
----------------------------------------------------------------------------------------------------------------------

-- Answers the payload of an event if it is there, or that the wait for it has timed out (false, NULL). Else the run
-- goes to sleep until the event is emitted or p_timeout seconds have passed, and the answer is (true, NULL).
create function absurd.await_event(
  p_queue_name text,
  p_task_id uuid,
  p_run_id uuid,
  p_step_name text,
  p_event_name text,
  p_timeout integer default null
)
returns table (should_suspend boolean, payload jsonb)
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_timeout_at timestamptz := v_now + make_interval(secs => p_timeout);
  v_found boolean;
  v_payload jsonb;
  v_run record;
  v_task_state text;
begin
  if p_event_name is null or trim(p_event_name) = '' then
    raise exception 'event_name must be provided';
  end if;
  if p_timeout < 0 then
    raise exception 'timeout must be non-negative';
  end if;
  execute format('select c.state from absurd.%I c where c.task_id = $1 and c.checkpoint_name = $2',
    'c_' || p_queue_name)
  into v_payload using p_task_id, p_step_name;
  if v_payload is not null then
    return query select false, v_payload;
    return;
  end if;

  -- The event's row is what await and emit meet at: with a lock on it, emit either has committed and we see its
  -- payload, or waits for us and sees our wait. Where there is no event yet a row without payload stands in for it.
  loop
    execute format(
      $q$
      insert into absurd.%I (event_name, payload, emitted_at)
      values ($1, null, timestamptz 'epoch')
      on conflict (event_name) do nothing
      $q$,
      'e_' || p_queue_name)
    using p_event_name;
    execute format('select true, e.payload from absurd.%I e where e.event_name = $1 for share', 'e_' || p_queue_name)
    into v_found, v_payload using p_event_name;
    exit when v_found;
    -- Cleaned up between the two statements: once more.
  end loop;

  execute format(
    'select r.task_id, r.state, r.wake_event, r.event_payload from absurd.%I r where r.run_id = $1 for update',
    'r_' || p_queue_name)
  into v_run using p_run_id;
  execute format('select t.state from absurd.%I t where t.task_id = $1 for update', 't_' || p_queue_name)
  into v_task_state using v_run.task_id;
  if v_task_state is null then
    raise exception 'Run "%" not found while awaiting event', p_run_id;
  elsif v_task_state = 'cancelled' then
    raise exception 'Task has been cancelled' using errcode = 'AB001';
  elsif v_run.state <> 'running' then
    raise exception 'Run "%" must be running to await events', p_run_id;
  end if;

  if v_payload is not null then
    execute format(
      $q$
      insert into absurd.%I (task_id, checkpoint_name, state, status, owner_run_id, updated_at)
      values ($1, $2, $3, 'committed', $4, $5)
      on conflict (task_id, checkpoint_name) do update
      set state = excluded.state, status = 'committed', owner_run_id = excluded.owner_run_id,
        updated_at = excluded.updated_at
      $q$,
      'c_' || p_queue_name)
    using p_task_id, p_step_name, v_payload, p_run_id, v_now;
    if v_run.event_payload is not null then
      execute format('update absurd.%I r set event_payload = null where r.run_id = $1', 'r_' || p_queue_name)
      using p_run_id;
    end if;
    return query select false, v_payload;
    return;
  end if;

  -- Claimed again with the wake event still set and no payload: the wait for it has timed out. Said once.
  if v_run.wake_event = p_event_name and v_run.event_payload is null then
    execute format('update absurd.%I r set wake_event = null where r.run_id = $1', 'r_' || p_queue_name)
    using p_run_id;
    return query select false, null::jsonb;
    return;
  end if;

  execute format(
    $q$
    insert into absurd.%I (task_id, run_id, step_name, event_name, timeout_at, created_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (run_id, step_name) do update
    set event_name = excluded.event_name, timeout_at = excluded.timeout_at, created_at = excluded.created_at
    $q$,
    'w_' || p_queue_name)
  using p_task_id, p_run_id, p_step_name, p_event_name, v_timeout_at, v_now;
  execute format(
    $q$
    with run as (
      update absurd.%I r
      set state = 'sleeping', claimed_by = null, claim_expires_at = null, available_at = $4, wake_event = $3,
        event_payload = null
      where r.run_id = $1
    )
    update absurd.%I t set state = 'sleeping' where t.task_id = $2
    $q$,
    'r_' || p_queue_name, 't_' || p_queue_name)
  using p_run_id, v_run.task_id, p_event_name, coalesce(v_timeout_at, 'infinity');
  return query select true, null::jsonb;
end;
$$;

-- Emits an event and wakes whoever waits for it. The first emit of a name wins; a later one changes nothing.
create function absurd.emit_event(p_queue_name text, p_event_name text, p_payload jsonb default null) returns void
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_payload jsonb := coalesce(p_payload, 'null');
  v_first boolean;
  v_waits boolean;
begin
  if p_event_name is null or trim(p_event_name) = '' then
    raise exception 'event_name must be provided';
  end if;
  execute format(
    $q$
    insert into absurd.%I as e (event_name, payload, emitted_at)
    values ($1, $2, $3)
    on conflict (event_name) do update
    set payload = excluded.payload, emitted_at = excluded.emitted_at
    where e.payload is null
    returning true
    $q$,
    'e_' || p_queue_name)
  into v_first using p_event_name, v_payload, v_now;
  if v_first is null then
    return;
  end if;
  execute format('select exists (select 1 from absurd.%I w where w.event_name = $1)', 'w_' || p_queue_name)
  into v_waits using p_event_name;
  if not v_waits then
    return;
  end if;

  -- Lock first, look again then: while we waited for one run another may have timed out and gone on to sleep on
  -- something else. What the second statement sees is held, and there are no new waits while we hold the event.
  execute format(
    $q$
    select 1
    from absurd.%I r
    where r.run_id in (
        select w.run_id from absurd.%I w where w.event_name = $1 and (w.timeout_at is null or w.timeout_at > $2)
      )
      and r.state || '' = 'sleeping'
    order by r.run_id
    for update
    $q$,
    'r_' || p_queue_name, 'w_' || p_queue_name)
  using p_event_name, v_now;
  execute format(
    $q$
    with woken as (
      update absurd.%1$I r
      set state = 'pending', available_at = $3, wake_event = null, event_payload = $2, claimed_by = null,
        claim_expires_at = null
      where r.run_id in (
          select w.run_id from absurd.%2$I w where w.event_name = $1 and (w.timeout_at is null or w.timeout_at > $3)
        )
        and r.state || '' = 'sleeping'
      returning r.run_id, r.task_id
    ), tasks as (
      update absurd.%3$I t set state = 'pending' from woken where t.task_id = woken.task_id
    ), waits as (
      delete from absurd.%2$I w
      using woken
      where w.run_id = woken.run_id and w.event_name = $1
      returning w.task_id, w.run_id, w.step_name
    )
    insert into absurd.%4$I (task_id, checkpoint_name, state, status, owner_run_id, updated_at)
    select distinct on (waits.task_id, waits.step_name)
      waits.task_id, waits.step_name, $2, 'committed', waits.run_id, $3
    from waits
    order by waits.task_id, waits.step_name, waits.run_id desc
    on conflict (task_id, checkpoint_name) do update
    set state = excluded.state, status = 'committed', owner_run_id = excluded.owner_run_id,
      updated_at = excluded.updated_at
    $q$,
    'r_' || p_queue_name, 'w_' || p_queue_name, 't_' || p_queue_name, 'c_' || p_queue_name)
  using p_event_name, v_payload, v_now;

  -- Waits that have timed out are over; their runs are due and will be claimed as such. Their runs are not held here,
  -- so this comes last, when nothing is left to wait for, and does not wait either.
  execute format(
    $q$
    delete from absurd.%1$I w
    where (w.run_id, w.step_name) in (
      select o.run_id, o.step_name
      from absurd.%1$I o
      where o.event_name = $1 and o.timeout_at <= $2
      for update skip locked
    )
    $q$,
    'w_' || p_queue_name)
  using p_event_name, v_now;
end;
$$;

----------------------------------------------------------------------------------------------------------------------
-- Cleanup: one bounded batch a call
----------------------------------------------------------------------------------------------------------------------

-- Deletes up to p_limit finished tasks, oldest first, that ended more than p_ttl_seconds ago, with all that belongs to
-- them but events. Answers their number. Skips what is locked: a task that is being retried is no longer finished.
create function absurd.cleanup_tasks(p_queue_name text, p_ttl_seconds integer, p_limit integer default 1000)
returns integer
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_ids uuid[];
  v_prefix text;
  v_count integer;
begin
  if p_ttl_seconds is null or p_ttl_seconds < 0 then
    raise exception 'TTL must be a non-negative number of seconds';
  end if;
  execute format(
    $q$
    select array(
      select t.task_id
      from absurd.%I t
      left join absurd.%I r on r.run_id = t.last_attempt_run
      where t.state in ('completed', 'failed', 'cancelled')
        and case t.state
          when 'completed' then r.completed_at
          when 'failed' then r.failed_at
          else t.cancelled_at
        end < $1
      order by
        case t.state
          when 'completed' then r.completed_at
          when 'failed' then r.failed_at
          else t.cancelled_at
        end
      limit $2
      for update of t skip locked
    )
    $q$,
    't_' || p_queue_name, 'r_' || p_queue_name)
  into v_ids using v_now - make_interval(secs => p_ttl_seconds), p_limit;
  if cardinality(v_ids) = 0 then
    return 0;
  end if;

  foreach v_prefix in array array['w_', 'c_', 'r_', 'i_', 't_'] loop
    continue when v_prefix = 'i_' and not exists (
      select 1 from absurd.queues q where q.queue_name = p_queue_name and q.storage_mode = 'partitioned'
    );
    execute format('delete from absurd.%I x where x.task_id = any ($1)', v_prefix || p_queue_name) using v_ids;
  end loop;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

-- Deletes up to p_limit events, oldest first, that were emitted more than p_ttl_seconds ago. Answers their number.
create function absurd.cleanup_events(p_queue_name text, p_ttl_seconds integer, p_limit integer default 1000)
returns integer
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_count integer;
begin
  if p_ttl_seconds is null or p_ttl_seconds < 0 then
    raise exception 'TTL must be a non-negative number of seconds';
  end if;
  execute format(
    $q$
    delete from absurd.%1$I e
    where e.event_name in (
      select o.event_name
      from absurd.%1$I o
      where o.emitted_at < $1
      order by o.emitted_at
      limit $2
      for update skip locked
    )
    $q$,
    'e_' || p_queue_name)
  using v_now - make_interval(secs => p_ttl_seconds), p_limit;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

-- One batch of each kind for one queue or for all, with the ttl and limit of the queue's policy.
create function absurd.cleanup_all_queues(p_queue_name text default null)
returns table (queue_name text, tasks_deleted integer, events_deleted integer)
language plpgsql volatile as $$
declare
  v_queue record;
  v_ttl integer;
begin
  if p_queue_name is not null then
    perform absurd.validate_queue_name(p_queue_name);
    if not exists (select 1 from absurd.queues q where q.queue_name = p_queue_name) then
      raise exception 'Queue "%" does not exist', p_queue_name;
    end if;
  end if;
  for v_queue in
    select q.queue_name, q.cleanup_ttl, q.cleanup_limit
    from absurd.queues q
    where p_queue_name is null or q.queue_name = p_queue_name
    order by q.queue_name
  loop
    v_ttl := floor(extract(epoch from v_queue.cleanup_ttl))::integer;
    queue_name := v_queue.queue_name;
    tasks_deleted := absurd.cleanup_tasks(v_queue.queue_name, v_ttl, v_queue.cleanup_limit);
    events_deleted := absurd.cleanup_events(v_queue.queue_name, v_ttl, v_queue.cleanup_limit);
    return next;
  end loop;
end;
$$;

----------------------------------------------------------------------------------------------------------------------
-- Partitions: weekly, by the time in the id
----------------------------------------------------------------------------------------------------------------------

-- Creates the missing partitions of one partitioned queue or of all: the default ones where the policy has them, and
-- the weeks from now - lookback to now + lookahead. All arithmetic is in UTC: seven days of a session's time zone may
-- be 167 or 169 hours, and a bound that is an hour off would leave a gap and overlap the next week.
create function absurd.ensure_partitions(p_queue_name text default null) returns void
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_queue record;
  v_prefix text;
  v_week timestamptz;
  v_next timestamptz;
  v_last timestamptz;
begin
  if p_queue_name is not null then
    perform absurd.validate_queue_name(p_queue_name);
    if not exists (select 1 from absurd.queues q where q.queue_name = p_queue_name) then
      raise exception 'Queue "%" does not exist', p_queue_name;
    end if;
  end if;
  -- The rows' locks make a second session that provisions the same queue wait.
  for v_queue in
    select q.queue_name, q.default_partition, q.partition_lookback, q.partition_lookahead
    from absurd.queues q
    where q.storage_mode = 'partitioned' and (p_queue_name is null or q.queue_name = p_queue_name)
    order by q.queue_name
    for update
  loop
    if v_queue.default_partition = 'enabled' then
      foreach v_prefix in array array['t_', 'r_', 'c_', 'w_'] loop
        execute format('create table if not exists absurd.%I partition of absurd.%I default',
          v_prefix || v_queue.queue_name || '_d', v_prefix || v_queue.queue_name);
      end loop;
    end if;
    v_week := absurd.week_bucket_utc((v_now at time zone 'UTC' - v_queue.partition_lookback) at time zone 'UTC');
    v_last := absurd.week_bucket_utc((v_now at time zone 'UTC' + v_queue.partition_lookahead) at time zone 'UTC');
    while v_week <= v_last loop
      v_next := v_week + interval '168 hours';
      foreach v_prefix in array array['t_', 'r_', 'c_', 'w_'] loop
        execute format(
          'create table if not exists absurd.%I partition of absurd.%I for values from (%L) to (%L)',
          v_prefix || v_queue.queue_name || '_' || absurd.partition_week_tag(v_week),
          v_prefix || v_queue.queue_name, absurd.uuidv7_floor(v_week), absurd.uuidv7_floor(v_next));
      end loop;
      v_week := v_next;
    end loop;
  end loop;
end;
$$;

-- Weekly partitions without a row that ended more than detach_min_age ago, of queues whose policy detaches them.
create function absurd.list_detach_candidates(p_queue_name text default null)
returns table (queue_name text, parent_table text, partition_table text)
language plpgsql volatile as $$
declare
  v_now timestamptz := absurd.current_time();
  v_part record;
  v_rows boolean;
begin
  if p_queue_name is not null then
    perform absurd.validate_queue_name(p_queue_name);
    if not exists (select 1 from absurd.queues q where q.queue_name = p_queue_name) then
      raise exception 'Queue "%" does not exist', p_queue_name;
    end if;
  end if;
  for v_part in
    select q.queue_name, parent.relname::text as parent_name, child.relname::text as part_name
    from absurd.queues q
    cross join unnest(array['t_', 'r_', 'c_', 'w_']) with ordinality kind (prefix, position)
    join pg_class parent on parent.relnamespace = to_regnamespace('absurd')
      and parent.relname = kind.prefix || q.queue_name and parent.relkind = 'p'
    join pg_inherits i on i.inhparent = parent.oid
    join pg_class child on child.oid = i.inhrelid
    where q.storage_mode = 'partitioned' and q.detach_mode = 'empty'
      and (p_queue_name is null or q.queue_name = p_queue_name)
      -- The default partition has no such bound.
      and absurd.uuidv7_timestamp(
        substring(pg_get_expr(child.relpartbound, child.oid) from 'TO [(]''([-0-9a-f]{36})''[)]')::uuid
      ) < v_now - q.detach_min_age
    order by q.queue_name, kind.position, child.relname
  loop
    execute format('select exists (select 1 from absurd.%I)', v_part.part_name) into v_rows;
    if not v_rows then
      queue_name := v_part.queue_name;
      parent_table := v_part.parent_name;
      partition_table := v_part.part_name;
      return next;
    end if;
  end loop;
end;
$$;

-- Drops a partition once it is detached, and ends the jobs that led there. False while it is still attached, and when
-- there is no such table (any more). It drops nothing but what was a weekly partition, going by the name.
create function absurd.drop_detached_partition(p_partition_table text, p_unschedule_job_name text default null)
returns boolean
language plpgsql volatile as $$
declare
  v_name text := trim(p_partition_table);
  v_table record;
  v_jobs text[] := array[p_unschedule_job_name];
  v_job_id bigint;
begin
  if v_name is null or v_name = '' then
    raise exception 'partition table must be provided';
  end if;
  if starts_with(p_unschedule_job_name, 'absurd_drop_run_') then
    v_jobs := v_jobs || ('absurd_detach_run_' || substr(p_unschedule_job_name, length('absurd_drop_run_') + 1));
  end if;

  select c.relkind, exists (select 1 from pg_inherits i where i.inhrelid = c.oid) as attached into v_table
  from pg_class c
  where c.relnamespace = to_regnamespace('absurd') and c.relname = v_name;
  if found then
    if v_table.attached then
      return false;
    end if;
    if v_table.relkind <> 'r'
      or v_name !~ '^[trcw]_.+_[0-9]{3}$'
      or exists (select 1 from absurd.queues q where q.queue_name = substr(v_name, 3))
    then
      raise exception 'Relation "%" is not a detached weekly partition', v_name
        using hint = 'Their names are t, r, c or w, the queue and three digits, as in t_jobs_401.';
    end if;
    execute format('drop table absurd.%I', v_name);
  end if;

  if p_unschedule_job_name is not null and to_regclass('cron.job') is not null then
    for v_job_id in execute 'select j.jobid from cron.job j where j.jobname = any ($1) order by j.jobid' using v_jobs
    loop
      execute 'select cron.unschedule($1)' using v_job_id;
    end loop;
  end if;
  return v_table.relkind is not null;
end;
$$;

----------------------------------------------------------------------------------------------------------------------
-- Jobs of pg_cron. All that is known of it are cron.job, cron.schedule and cron.unschedule; all SQL on it is dynamic,
-- because where it is not installed this file has to load and work all the same.
----------------------------------------------------------------------------------------------------------------------

-- Schedules, for each parent table, the detaching of its oldest empty partition and then the dropping of it. DETACH
-- CONCURRENTLY cannot run in a function, so each is a job of its own that runs until the drop has ended both.
create function absurd.schedule_detach_jobs(p_queue_name text default null)
returns table (job_name text, job_id bigint, queue_name text, partition_table text, job_kind text)
language plpgsql volatile as $$
declare
  v_scope text;
  v_part record;
  v_parent_key text;
  v_busy boolean;
  v_concurrently text;
begin
  if p_queue_name is not null then
    perform absurd.validate_queue_name(p_queue_name);
  end if;
  if to_regclass('cron.job') is null then
    raise exception 'pg_cron is not available (missing cron.job)';
  end if;
  if not exists (select 1 from pg_proc p where p.pronamespace = to_regnamespace('cron') and p.proname = 'schedule') then
    raise exception 'pg_cron is not available (missing cron.schedule)';
  end if;
  if not exists (select 1 from pg_proc p where p.pronamespace = to_regnamespace('cron') and p.proname = 'unschedule') then
    raise exception 'pg_cron is not available (missing cron.unschedule)';
  end if;
  if p_queue_name is not null and not exists (select 1 from absurd.queues q where q.queue_name = p_queue_name) then
    raise exception 'Queue "%" does not exist', p_queue_name;
  end if;

  v_scope := coalesce(substr(md5(p_queue_name), 1, 12), 'all');
  for v_part in
    select distinct on (d.queue_name, d.parent_table)
      d.queue_name, d.parent_table, d.partition_table, parent.oid as parent_oid
    from absurd.list_detach_candidates(p_queue_name) d
    join pg_class parent on parent.relnamespace = to_regnamespace('absurd') and parent.relname = d.parent_table
    join pg_class child on child.relnamespace = to_regnamespace('absurd') and child.relname = d.partition_table
    order by d.queue_name, d.parent_table,
      substring(pg_get_expr(child.relpartbound, child.oid) from 'TO [(]''([-0-9a-f]{36})''[)]')::uuid,
      d.partition_table
  loop
    v_parent_key := substr(md5(v_part.parent_table), 1, 8);
    execute 'select exists (select 1 from cron.job j where j.jobname ~ $1)' into v_busy
    using '^absurd_(detach|drop)_run_[^_]+_' || v_parent_key || '_';
    continue when v_busy;

    queue_name := v_part.queue_name;
    partition_table := v_part.partition_table;
    -- Postgres refuses to detach concurrently next to a default partition.
    select case when p.partdefid = 0 then ' concurrently' else '' end into v_concurrently
    from pg_partitioned_table p
    where p.partrelid = v_part.parent_oid;

    job_kind := 'detach';
    job_name := format('absurd_detach_run_%s_%s_%s', v_scope, v_parent_key,
      substr(md5(v_part.parent_table || ':' || v_part.partition_table), 1, 12));
    execute 'select cron.schedule($1, $2, $3)' into job_id
    using job_name, '* * * * *', format('alter table absurd.%I detach partition absurd.%I%s',
      v_part.parent_table, v_part.partition_table, v_concurrently);
    return next;

    job_kind := 'drop';
    job_name := replace(job_name, 'absurd_detach_run_', 'absurd_drop_run_');
    execute 'select cron.schedule($1, $2, $3)' into job_id
    using job_name, '* * * * *', format('select absurd.drop_detached_partition(%L, %L);',
      v_part.partition_table, job_name);
    return next;
  end loop;
end;
$$;

-- Schedules provisioning, cleanup and the planning of detaches for one queue, or for all.
create function absurd.enable_cron(
  p_queue_name text default null,
  p_partition_schedule text default '5 * * * *',
  p_cleanup_schedule text default '17 * * * *',
  p_detach_schedule text default '29 * * * *'
)
returns table (job_name text, job_id bigint)
language plpgsql volatile as $$
declare
  v_scope text;
  v_argument text;
  v_job record;
  v_old bigint;
begin
  if p_queue_name is not null then
    perform absurd.validate_queue_name(p_queue_name);
    if not exists (select 1 from absurd.queues q where q.queue_name = p_queue_name) then
      raise exception 'Queue "%" does not exist', p_queue_name;
    end if;
  end if;
  if p_partition_schedule is null or trim(p_partition_schedule) = '' then
    raise exception 'Partition schedule must be provided';
  elsif p_cleanup_schedule is null or trim(p_cleanup_schedule) = '' then
    raise exception 'Cleanup schedule must be provided';
  elsif p_detach_schedule is null or trim(p_detach_schedule) = '' then
    raise exception 'Detach schedule must be provided';
  end if;
  if to_regclass('cron.job') is null then
    raise exception 'pg_cron is not available (missing cron.job)';
  end if;
  if not exists (select 1 from pg_proc p where p.pronamespace = to_regnamespace('cron') and p.proname = 'schedule') then
    raise exception 'pg_cron is not available (missing cron.schedule)';
  end if;
  if not exists (select 1 from pg_proc p where p.pronamespace = to_regnamespace('cron') and p.proname = 'unschedule') then
    raise exception 'pg_cron is not available (missing cron.unschedule)';
  end if;

  v_scope := coalesce(substr(md5(p_queue_name), 1, 12), 'all');
  v_argument := case when p_queue_name is null then 'null::text' else quote_literal(p_queue_name) end;
  for v_old in
    execute 'select j.jobid from cron.job j where j.jobname = any ($1) order by j.jobid'
    using array['absurd_partitions_' || v_scope, 'absurd_cleanup_' || v_scope, 'absurd_detach_plan_' || v_scope]
  loop
    execute 'select cron.unschedule($1)' using v_old;
  end loop;
  for v_job in
    select job.prefix, job.schedule, job.command
    from (
      values
        (1, 'absurd_partitions_', p_partition_schedule, 'select absurd.ensure_partitions(%s);'),
        (2, 'absurd_cleanup_', p_cleanup_schedule, 'select * from absurd.cleanup_all_queues(%s);'),
        (3, 'absurd_detach_plan_', p_detach_schedule, 'select * from absurd.schedule_detach_jobs(%s);')
    ) job (position, prefix, schedule, command)
    order by job.position
  loop
    job_name := v_job.prefix || v_scope;
    execute 'select cron.schedule($1, $2, $3)' into job_id
    using job_name, v_job.schedule, format(v_job.command, v_argument);
    return next;
  end loop;
end;
$$;

-- Ends the jobs of one queue (which may be gone), or the jobs that are for all queues. Answers those it ended.
create function absurd.disable_cron(p_queue_name text default null) returns table (job_name text, job_id bigint)
language plpgsql volatile as $$
declare
  v_scope text;
begin
  if p_queue_name is not null then
    perform absurd.validate_queue_name(p_queue_name);
  end if;
  if to_regclass('cron.job') is null then
    raise exception 'pg_cron is not available (missing cron.job)';
  end if;
  if not exists (select 1 from pg_proc p where p.pronamespace = to_regnamespace('cron') and p.proname = 'unschedule') then
    raise exception 'pg_cron is not available (missing cron.unschedule)';
  end if;

  v_scope := coalesce(substr(md5(p_queue_name), 1, 12), 'all');
  for job_name, job_id in
    execute $q$
      select j.jobname::text, j.jobid::bigint
      from cron.job j
      where j.jobname = any ($1) or j.jobname ~ $2
      order by j.jobname, j.jobid
    $q$
    using
      array['absurd_partitions_' || v_scope, 'absurd_cleanup_' || v_scope, 'absurd_detach_plan_' || v_scope],
      '^absurd_(detach|drop)_run_' || v_scope || '_'
  loop
    execute 'select cron.unschedule($1)' using job_id;
    return next;
  end loop;
end;
$$;
