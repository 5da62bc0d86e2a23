-- What refers to these claims?
select
  to_claim as key,
  links.*,
  row_number() over (partition by to_claim order by id) as place,
  count(*) over (partition by to_claim) as total
from links
where to_claim in (select value from json_each(:keys))
  and relation = coalesce(:relation, relation)
