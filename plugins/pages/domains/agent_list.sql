-- Which agents work on this domain?
select
  id,
  name,
  description
from agents indexed by agents_domain
where domain = :id
order by name;
