-- Which tables and views are there, and how many rows has each?
select
  sqlite_schema.name,
  sqlite_schema.type,
  (
    select max(cast(stat as integer))
    from sqlite_stat1
    where tbl = sqlite_schema.name
  ) as rows
from sqlite_schema
where sqlite_schema.type in ('table', 'view')
  and sqlite_schema.name not like 'sqlite!_%' escape '!'
  and sqlite_schema.name not like '%!_fts%' escape '!'
order by
  sqlite_schema.type,
  sqlite_schema.rowid;
