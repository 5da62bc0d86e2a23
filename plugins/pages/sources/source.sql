-- What is this source?
select
  sources.*,
  domains.title as domain_title,
  agents.name as agent_name,
  documents.first_committed,
  documents.last_committed,
  (
    select value
    from about
    where name = 'repo_url'
  ) as repo_url
from sources
join documents on documents.id = sources.id
left join domains on domains.id = sources.domain
left join agents on agents.id = sources.processed_by
where sources.id = :id;
