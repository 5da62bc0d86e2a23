-- What is each claim, what does it say of itself, who answers for it, and has anybody spoken against it?
select
  claims.id,
  claims.title,
  claims.description,
  claims.domain,
  domains.title as domain_title,
  claims.confidence,
  coalesce(claims.created, substr(documents.first_committed, 1, 10)) as created,
  claims.last_evaluated,
  claims.agent,
  agents.name as agent_name,
  coalesce(
    claims.agent,
    (
      select contributors.agent
      from contributions
      join contributors on contributors.id = contributions.contributor
      where contributions.claim = claims.id
        and contributions.role = 'proposer'
        and contributors.agent is not null
      order by contributions.id
      limit 1
    )
  ) as agent_or_proposer,
  claims.scope,
  claims.status,
  claims.source,
  claims.path,
  metrics.challenged_by + metrics.objections > 0 as challenged,
  places.x,
  places.y
from claims
join documents on documents.id = claims.id
join metrics on metrics.claim = claims.id
left join places on places.claim = claims.id
left join domains on domains.id = claims.domain
left join agents on agents.id = claims.agent
order by claims.id;
