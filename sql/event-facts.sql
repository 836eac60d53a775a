-- What a dialog must know of one event: whether and when it was emitted, how many wait for it, and the first few of them.
-- Answers one row. A row of e_Q without payload only says that somebody waits. names and ids belong together by place.
-- Parameters: event, shown (how many are named).
-- Served by the primary keys of e_Q and t_Q and the index w_Q_eni (event_name); bounded by one event, 1,001 waits and
-- `shown` tasks.
with wait as materialized (
  select open_wait.task_id
  from (
    select
      each.task_id,
      each.timeout_at
    from absurd.:"w_table" as each
    where each.event_name = :'event'::text
    order by each.event_name
    limit 1001
  ) as open_wait
  where open_wait.timeout_at is null
    or open_wait.timeout_at > (select absurd.current_time())
),
named as materialized (
  select
    task.task_id,
    task.task_name
  from (select wait.task_id from wait limit :'shown'::int) as first
  cross join lateral (
    select
      one.task_id,
      one.task_name
    from absurd.:"t_table" as one
    where one.task_id = first.task_id
    limit 1
  ) as task
)
select
  (select absurd.current_time()) as now,
  (
    select event.emitted_at
    from absurd.:"e_table" as event
    where event.event_name = :'event'::text
      and event.payload is not null
    limit 1
  ) as emitted_at,
  (select count(*)::int from wait) as waiting,
  array(select named.task_name from named order by named.task_id) as names,
  array(select named.task_id::text from named order by named.task_id) as ids
