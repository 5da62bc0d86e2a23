-- Which tables and views are there, and how many rows has each?
select
  schema.name,
  schema.type,
  (
    select max(cast(stat as integer))
    from sqlite_stat1
    where tbl = schema.name
  ) as rows
from sqlite_master as schema
where schema.type in ('table', 'view')
  and schema.name not like 'sqlite!_%' escape '!'
  and schema.name not like '%!_fts%' escape '!'
order by
  schema.type,
  schema.rowid;
