-- Which positions does this agent take?
select
  id,
  title,
  confidence,
  status,
  created
from positions
where agent = :id
order by
  created desc,
  id
limit 100;
