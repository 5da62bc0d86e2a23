-- Which claim are the changes asked for those of?
select
  id,
  title
from claims
where id = :claim;
