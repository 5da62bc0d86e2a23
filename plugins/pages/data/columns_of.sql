-- Which columns has each table and view, and to which tables do they refer?
select
  sqlite_schema.name as relation,
  columns.name,
  lower(columns.type) as type,
  columns."notnull" or columns.pk > 0 as required,
  columns.pk > 0 as key,
  (
    select keys."table"
    from pragma_foreign_key_list(sqlite_schema.name) as keys
    where keys."from" = columns.name
  ) as refers_to
from sqlite_schema
join pragma_table_info(sqlite_schema.name) as columns
where sqlite_schema.type in ('table', 'view')
  and sqlite_schema.name not like 'sqlite!_%' escape '!'
  and sqlite_schema.name not like '%!_fts%' escape '!'
order by
  sqlite_schema.name,
  columns.cid;
