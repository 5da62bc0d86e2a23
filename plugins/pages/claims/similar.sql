-- Which claims are like this one and not linked to it yet?
select
  claims.id,
  claims.title,
  claims.confidence,
  similar_claims.reason
from similar_claims
join claims on claims.id = similar_claims.other
where similar_claims.claim = :id
order by similar_claims.rank;
