-- Which problems does the base have, how many of each, and what is to be done about them?
create view problem_counts as
select
  problem_codes.id as code,
  problem_codes.severity,
  count(*) as problems,
  count(distinct problems.path) as documents,
  problem_codes.meaning,
  problem_codes.remedy
from problems
join problem_codes on problem_codes.id = problems.code
group by problem_codes.id;
