-- Which columns has each table and view, and to which tables do they refer?
select
  schema.name as relation,
  columns.name,
  lower(columns.type) as type,
  columns."notnull" or columns.pk > 0 as required,
  columns.pk > 0 as key,
  (
    select keys."table"
    from pragma_foreign_key_list(schema.name) as keys
    where keys."from" = columns.name
  ) as refers_to
from sqlite_master as schema
join pragma_table_info(schema.name) as columns
where schema.type in ('table', 'view')
  and schema.name not like 'sqlite!_%' escape '!'
  and schema.name not like '%!_fts%' escape '!'
order by
  schema.name,
  columns.cid;
