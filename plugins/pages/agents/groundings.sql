-- On which claims do the beliefs of this agent rest?
select
  beliefs.id as belief,
  claims.id,
  claims.title,
  claims.confidence,
  metrics.challenged_by + metrics.objections as objections
from beliefs
join dependencies on dependencies.node = beliefs.id
join claims on claims.id = dependencies.premise
join metrics on metrics.claim = claims.id
where beliefs.agent = :id
order by
  beliefs.number,
  claims.title
limit 500;
