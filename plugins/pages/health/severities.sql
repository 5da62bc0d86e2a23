-- How many problems of each severity are there?
select
  severity,
  count(*) as problems
from problems
group by severity
order by case severity when 'error' then 1 when 'warning' then 2 else 3 end;
