-- Which claims does this agent maintain, the newest first?
select
  id,
  title,
  confidence,
  created
from claims
where agent = :id
order by
  created desc,
  id
limit 20;
