-- What speaks for these claims, against them, carries or is related to them, or in the other direction what do they?
select
  near.*,
  row_number() over (partition by near.key order by near.id) as place,
  count(*) over (partition by near.key) as total
from (
  select
    to_claim as key,
    from_claim as claim,
    id,
    relation,
    asserted
  from arguments
  where :inward
    and to_claim in (select value from json_each(:keys))
    and relation = :relation
  union all
  select
    from_claim,
    to_claim,
    id,
    relation,
    asserted
  from arguments
  where :outward
    and from_claim in (select value from json_each(:keys))
    and relation = :relation
) as near
