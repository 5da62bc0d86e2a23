-- What does this claim say of itself?
select
  claims.*,
  confidences.rank,
  confidences.meaning as confidence_meaning,
  domains.title as domain_title,
  agents.name as agent_name,
  documents.first_committed,
  documents.last_committed,
  (
    select value
    from about
    where name = 'repo_url'
  ) as repo_url
from claims
join documents on documents.id = claims.id
left join confidences on confidences.id = claims.confidence
left join domains on domains.id = claims.domain
left join agents on agents.id = claims.agent
where claims.id = :id;
