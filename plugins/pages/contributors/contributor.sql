-- Who is this, and in how many claims had they a part?
select
  contributors.id,
  contributors.name,
  agents.id as agent,
  agents.name as agent_name,
  (
    select count(distinct coalesce(claim, former_id))
    from contributions indexed by contributions_contributor
    where contributor = contributors.id
  ) as claims
from contributors
left join agents on agents.id = contributors.agent
where contributors.id = :id;
