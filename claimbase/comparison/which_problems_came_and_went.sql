-- How many problems of each code are new, and how many are gone? Lines do not tell them apart, nor does a rename.
with
differences as (
  select
    path,
    code,
    message,
    sum(found) as found
  from (
    select path, code, message, 1 as found
    from new.problems
    union all
    select coalesce(after.path, problems.path), problems.code, problems.message, -1
    from old.problems as problems
    left join old.documents as before on before.path = problems.path
    left join pairs on pairs.old = before.id
    left join new.documents as after on after.id = pairs.new
  )
  group by path, code, message
  having sum(found) <> 0
)
select
  differences.code,
  problem_codes.severity,
  sum(max(found, 0)) as new,
  sum(max(-found, 0)) as gone
from differences
join new.problem_codes as problem_codes on problem_codes.id = differences.code
group by differences.code
order by problem_codes.weight desc, differences.code;
