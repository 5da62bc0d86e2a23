-- Which problems do the files of this domain have?
select
  problems.code,
  problem_codes.severity,
  problem_codes.meaning,
  count(*) as problems
from documents indexed by documents_domain
cross join problems on problems.document = documents.id
join problem_codes on problem_codes.id = problems.code
where documents.domain = :id
group by problems.code
order by
  problem_codes.weight desc,
  problems.code;
