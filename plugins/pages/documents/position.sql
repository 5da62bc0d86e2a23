-- What does this document say as a position, where it is one?
select
  positions.*,
  agents.name as agent_name
from positions
left join agents on agents.id = positions.agent
where positions.id = :id;
