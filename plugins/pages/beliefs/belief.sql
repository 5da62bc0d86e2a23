-- What is this belief, and whose is it?
select
  beliefs.*,
  agents.name as agent_name,
  documents.kind as document_kind
from beliefs
join documents on documents.id = beliefs.document
left join agents on agents.id = beliefs.agent
where beliefs.id = :id;
