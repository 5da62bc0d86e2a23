-- Which problems are there, how grave, and what is to be done about them?
select
  problem_codes.id,
  problem_codes.severity,
  problem_codes.meaning,
  problem_codes.remedy,
  count(problems.id) as problems
from problem_codes
join problems on problems.code = problem_codes.id
group by problem_codes.id
order by
  case problem_codes.severity when 'error' then 1 when 'warning' then 2 else 3 end,
  problems desc,
  problem_codes.id;
