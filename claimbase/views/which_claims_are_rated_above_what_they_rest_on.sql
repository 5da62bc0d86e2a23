-- Which claims are rated above the weakest claim they rest on, and what falls with them?
create view overrated_claims as
select
  claims.id,
  claims.title,
  claims.domain,
  claims.confidence,
  metrics.weakest_claim,
  weakest.title as weakest_title,
  metrics.weakest_confidence,
  metrics.falling_claims + metrics.falling_beliefs + metrics.falling_positions as falling,
  claims.path
from metrics
join claims on claims.id = metrics.claim
join claims as weakest on weakest.id = metrics.weakest_claim
where metrics.overrated = 1;
