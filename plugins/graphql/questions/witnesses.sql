-- Which links state these arguments?
select
  argument as key,
  links.*
from links
where argument in (select value from json_each(:keys))
-- The plus keeps all links from being read in their order.
order by +links.id
