-- Which claims are rated likely or better although nobody has spoken against them, in a link, a source or words?
create view unchallenged_claims as
select
  claims.id,
  claims.title,
  claims.domain,
  claims.confidence,
  claims.agent,
  claims.created,
  claims.path
from claims
join confidences on confidences.id = claims.confidence
join metrics on metrics.claim = claims.id
where confidences.rank >= 3
  and lower(claims.status) is not 'retired'
  and metrics.challenged_by = 0
  and metrics.objections = 0;
