-- Which other claims does this one support, challenge or rest on, and who says so?
select
  id,
  relation,
  to_claim as other,
  asserted,
  witnesses
from arguments
where from_claim = :claim
order by
  relation,
  to_claim;
