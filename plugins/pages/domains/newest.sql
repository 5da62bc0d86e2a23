-- Which claims of this domain are newest?
select
  id,
  title,
  confidence,
  created
from claims
where domain = :id
order by
  created desc,
  id
limit 10;
