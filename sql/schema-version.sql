-- The release of the Absurd schema as it reports itself; fails with 42883 before 0.2.0, which the caller expects.
-- Parameters: none. Calls one function that answers a constant; no table or index is read.
select absurd.get_schema_version() as schema_version;
