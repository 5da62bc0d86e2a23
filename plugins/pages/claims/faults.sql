-- What is wrong with this claim's file?
select
  line,
  code,
  severity,
  message,
  suggestion
from problems
where claim = :id
order by
  line,
  id
limit 200;
