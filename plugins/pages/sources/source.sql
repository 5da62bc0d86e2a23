-- What is this source?
select
  sources.*,
  domains.title as domain_title,
  agents.name as agent_name,
  (
    select value
    from about
    where name = 'repo_url'
  ) as repo_url
from sources
left join domains on domains.id = sources.domain
left join agents on agents.id = sources.processed_by
where sources.id = :id;
