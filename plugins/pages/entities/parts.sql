-- Which entities are part of this one?
select
  id,
  name,
  entity_type
from entities
where parent = :id
order by name
limit 200;
