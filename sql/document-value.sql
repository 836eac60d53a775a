-- A value inside a large JSON document of one task, and the members of that value with their sizes: only when a person
-- opens it, as the server has to unpack the whole document (about 0.2 s for 23 MB).
-- The first row (key null) is the value itself: bytes as JSON text; text is whole up to `characters`, else its head.
-- The others are its members, at most `members`; bytes as the server has them in memory.
-- Parameters: task and run (ids), field (params, headers, result, payload, failure, state), checkpoint (name, for state),
-- path (keys and array indexes to the value, empty = the document), characters, members.
-- Served by the primary keys of t_Q, r_Q and c_Q: one row of one of them.
with found as materialized (
  select
    case :'field'::text
      when 'params' then (select task.params from absurd.:"t_table" as task where task.task_id = :'task'::uuid limit 1)
      when 'headers' then (select task.headers from absurd.:"t_table" as task where task.task_id = :'task'::uuid limit 1)
      when 'result' then (select run.result from absurd.:"r_table" as run where run.run_id = :'run'::uuid limit 1)
      when 'payload' then (select run.event_payload from absurd.:"r_table" as run where run.run_id = :'run'::uuid limit 1)
      when 'failure' then (select run.failure_reason from absurd.:"r_table" as run where run.run_id = :'run'::uuid limit 1)
      when 'state' then (
        select checkpoint.state
        from absurd.:"c_table" as checkpoint
        where checkpoint.task_id = :'task'::uuid
          and checkpoint.checkpoint_name = :'checkpoint'::text
        limit 1
      )
    end #> :'path'::text[] as value
),
printed as materialized (
  select found.value::text as text from found
),
members as (
  (
    select each.key, null::int as place, each.value
    from found
    cross join lateral jsonb_each(case jsonb_typeof(found.value) when 'object' then found.value end) as each
    limit :'members'::int
  )
  union all
  (
    select (each.place - 1)::text, each.place::int, each.value
    from found
    cross join lateral jsonb_array_elements(case jsonb_typeof(found.value) when 'array' then found.value end)
      with ordinality as each (value, place)
    limit :'members'::int
  )
)
select
  null::text as key,
  jsonb_typeof(found.value) as kind,
  octet_length(printed.text) as bytes,
  left(printed.text, :'characters'::int) as text
from found
cross join printed
union all
select
  members.key,
  jsonb_typeof(members.value),
  pg_column_size(members.value),
  null::text
from members
