-- Which claims are newest?
select
  id,
  title,
  domain,
  confidence,
  created
from claims
where created is not null
order by
  created desc,
  id
limit 8;
