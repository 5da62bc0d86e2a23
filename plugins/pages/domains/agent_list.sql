-- Which agents work on this domain?
select
  id,
  name,
  description
from agents
where domain = :id
order by name;
