-- Which claims take part in the most arguments?
select
  claims.id,
  claims.title,
  claims.confidence,
  claims.domain,
  metrics.supports + metrics.supported_by + metrics.challenges + metrics.challenged_by + metrics.rests_on
    + metrics.carries + metrics.related as arguments
from metrics
join claims on claims.id = metrics.claim
order by
  arguments desc,
  claims.id
limit 25;
