-- Who is this agent?
select
  agents.*,
  domains.title as domain_title
from agents
left join domains on domains.id = agents.domain
where agents.id = :id;
