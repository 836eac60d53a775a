-- The table workflow_run of the early Python client, where the search path leads to one: its schema, whether this role
-- may read it, whether an index leads to a row by workflow_run_id, and whether it has the columns that are read.
-- Answers no row where there is none.
-- Parameters: none. Reads the catalogue.
select
  schema.nspname as schema,
  has_schema_privilege(schema.oid, 'usage') and has_table_privilege(relation.oid, 'select') as readable,
  exists (
    select 1
    from pg_index as index
    join pg_attribute as part on part.attrelid = index.indrelid and part.attnum = index.indkey[0]
    where index.indrelid = relation.oid
      and index.indisvalid
      and index.indpred is null
      and part.attname = 'workflow_run_id'
  ) as indexed,
  (
    select count(*)
    from pg_attribute as attribute
    where attribute.attrelid = relation.oid
      and not attribute.attisdropped
      and (
        attribute.attname in ('workflow_name', 'workflow_version', 'status', 'completed_at')
        or attribute.attname = 'workflow_run_id' and attribute.atttypid = 'uuid'::regtype
      )
  ) = 5 as known
from pg_class as relation
join pg_namespace as schema on schema.oid = relation.relnamespace
where relation.oid = to_regclass('workflow_run')
  and relation.relkind in ('r', 'p')
  and schema.nspname <> 'absurd'
