-- What is wrong with these claims, and what is to be done about it?
select
  claim as key,
  problems.*,
  row_number() over (partition by claim order by id) as place,
  count(*) over (partition by claim) as total
from problems
where claim in (select value from json_each(:keys))
