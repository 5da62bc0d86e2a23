-- What does this agent believe?
select
  id,
  number,
  title
from beliefs
where agent = :id
order by
  document,
  line
limit 200;
