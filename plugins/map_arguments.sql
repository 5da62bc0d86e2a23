-- Which arguments connect claims?
select
  from_claim,
  to_claim,
  relation
from arguments
order by id;
