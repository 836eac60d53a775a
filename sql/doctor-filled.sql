-- Whether one partition holds any row. Answers one row.
-- Parameters: none but the table.
-- Reads one row by its primary key's index, in no order; the limit bounds it.
select
  exists (
    select 1
    from absurd.:"partition" as any_row
    limit 1
  ) as filled
