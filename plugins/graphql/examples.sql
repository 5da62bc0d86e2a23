-- Which claim, domain and confidence does this base have to show what can be asked for?
-- The claim that most others and most sources bear on.
select
  claims.id,
  claims.title,
  claims.domain,
  coalesce(claims.confidence, 'likely') as confidence
from claims
join metrics on metrics.claim = claims.id
order by
  metrics.supported_by + metrics.challenged_by + metrics.rests_on + metrics.sources desc,
  claims.id
limit 1
