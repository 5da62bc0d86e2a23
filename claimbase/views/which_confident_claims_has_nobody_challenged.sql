-- Which claims are rated likely or better although nobody has spoken against them, in a link or in words?
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
where confidences.rank >= 3
  and claims.status is not 'retired'
  and not exists (
    select 1
    from links
    where links.to_claim = claims.id
      and links.relation = 'challenges'
  )
  and not exists (
    select 1
    from links
    where links.from_claim = claims.id
      and links.relation = 'challenged_by'
  )
  and not exists (
    select 1
    from evidence
    where evidence.claim = claims.id
      and evidence.kind = 'challenge'
  );
