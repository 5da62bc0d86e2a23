-- To which other claims does this one lead, by an argument or by a mere mention, and are they of another domain?
with leading (relation, other) as (
  select
    relation,
    to_claim
  from arguments
  where from_claim = :claim
  union
  select
    'mentions',
    to_claim
  from links
  where from_claim = :claim
    and to_claim <> :claim
    and argument is null
)
select
  leading.other,
  leading.relation,
  (
    select claims.domain
    from claims
    where claims.id = leading.other
  ) as domain
from leading
order by
  leading.relation = 'challenges',
  leading.other,
  leading.relation;
