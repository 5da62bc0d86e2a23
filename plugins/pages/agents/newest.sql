-- Which claims does this agent maintain, the newest first?
select
  id,
  title,
  confidence,
  created
from claims indexed by claims_agent
where agent = :id
order by
  created desc,
  id
limit 20;
