-- Which claims do these domains hold? The newest first.
select
  domain as key,
  id,
  row_number() over (partition by domain order by created desc, id) as place,
  count(*) over (partition by domain) as total
from claims
where domain in (select value from json_each(:keys))
