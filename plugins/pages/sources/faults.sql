-- What is wrong with this source's file?
select
  line,
  code,
  severity,
  message,
  suggestion
from problems
where document = :id
order by
  line,
  id
limit 200;
