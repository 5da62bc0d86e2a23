-- Which tables and views has the database, and how are they made?
select
  type,
  name,
  sql
from sqlite_master
where type in ('table', 'view')
  and name not like 'sqlite_%'
order by type, name
