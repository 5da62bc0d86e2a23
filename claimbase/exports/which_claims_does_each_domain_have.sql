-- Which claims does each domain have, in the order of their titles, and what do they say in a sentence?
select
  claims.id,
  claims.title,
  claims.description,
  claims.domain,
  claims.confidence,
  claims.status,
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
  ) as agent,
  metrics.challenged_by + metrics.objections > 0 as challenged
from claims
join metrics on metrics.claim = claims.id
order by
  claims.domain,
  claims.title,
  claims.id;
