-- Which words say why these arguments hold?
select
  argument as key,
  reason
from links
where argument in (select value from json_each(:keys))
  and reason is not null
group by
  argument,
  reason
order by min(id)
