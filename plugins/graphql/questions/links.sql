-- What do these claims refer to?
select
  from_claim as key,
  links.*,
  row_number() over (partition by from_claim order by id) as place,
  count(*) over (partition by from_claim) as total
from links
where from_claim in (select value from json_each(:keys))
  and relation = coalesce(:relation, relation)
