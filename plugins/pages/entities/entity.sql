-- What is this entity?
select
  entities.*,
  domains.title as domain_title,
  agents.name as agent_name,
  parents.name as parent_name,
  documents.first_committed,
  documents.last_committed
from entities
join documents on documents.id = entities.id
left join domains on domains.id = entities.domain
left join agents on agents.id = entities.tracked_by
left join entities as parents on parents.id = entities.parent
where entities.id = :id;
