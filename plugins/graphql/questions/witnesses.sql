-- Which links state these arguments?
select
  argument as key,
  links.*
from links
where argument in (select value from json_each(:keys))
order by id
