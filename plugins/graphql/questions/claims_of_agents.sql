-- Which claims do these agents maintain? The newest first.
select
  agent as key,
  id,
  row_number() over (partition by agent order by created desc, id) as place,
  count(*) over (partition by agent) as total
from claims
where agent in (select value from json_each(:keys))
