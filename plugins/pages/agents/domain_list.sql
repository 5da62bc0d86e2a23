-- In which domains does this agent maintain claims, and how confident are they?
select
  claims.domain as id,
  coalesce(domains.title, 'No domain') as title,
  count(*) as claims,
  count(*) filter (where claims.confidence = 'proven') as proven,
  count(*) filter (where claims.confidence = 'likely') as likely,
  count(*) filter (where claims.confidence = 'experimental') as experimental,
  count(*) filter (where claims.confidence = 'speculative') as speculative,
  count(*) filter (where claims.confidence is null) as unrated
from claims indexed by claims_agent
left join domains on domains.id = claims.domain
where claims.agent = :id
group by claims.domain
order by
  claims desc,
  claims.domain;
