-- Which claims do most others rest on or draw support from?
select
  claims.id,
  claims.title,
  claims.confidence,
  metrics.carries + metrics.supports as uses
from metrics
join claims on claims.id = metrics.claim
where metrics.carries + metrics.supports > 0
order by
  uses desc,
  claims.id
limit 8;
