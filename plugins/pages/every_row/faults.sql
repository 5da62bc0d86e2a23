-- What is wrong with this file?
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
