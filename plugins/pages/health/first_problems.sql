-- Which are the first few problems of each code?
select
  code,
  path,
  line,
  message,
  suggestion,
  document,
  claim
from (
  select
    *,
    row_number() over (
      partition by code
      order by
        path,
        line,
        id
    ) as place
  from problems
)
where place <= 5
order by
  code,
  place;
