-- Which beliefs stand in this document?
select
  id,
  number,
  title
from beliefs
where document = :id
order by line
limit 200;
