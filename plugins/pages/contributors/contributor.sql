-- Who is this, and how often had they a part in a claim?
select
  contributors.id,
  contributors.name,
  agents.id as agent,
  agents.name as agent_name,
  (
    select count(*)
    from contributions
    where contributor = contributors.id
  ) as contributions
from contributors
left join agents on agents.id = contributors.agent
where contributors.id = :id;
