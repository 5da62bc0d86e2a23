-- Which claims of this domain do most others rest on or draw support from?
select
  claims.id,
  claims.title,
  claims.confidence,
  metrics.carries + metrics.supports as uses
from claims indexed by claims_domain
join metrics on metrics.claim = claims.id
where claims.domain = :id
  and metrics.carries + metrics.supports > 0
order by
  uses desc,
  claims.id
limit 10;
