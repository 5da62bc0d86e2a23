-- How firmly does this claim stand, and what falls with it?
select
  metrics.*,
  weakest.title as weakest_title
from metrics
left join claims as weakest on weakest.id = metrics.weakest_claim
where metrics.claim = :id;
