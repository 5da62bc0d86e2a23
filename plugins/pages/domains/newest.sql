-- Which claims of this domain are newest?
select
  id,
  title,
  confidence,
  created
from claims indexed by claims_domain
where domain = :id
order by
  created desc,
  id
limit 10;
