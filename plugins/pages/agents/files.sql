-- Which files lie in the folder of this agent?
select
  documents.id,
  documents.kind,
  documents.title
from agents
join documents on documents.path > agents.folder || '/'
  and documents.path < agents.folder || '0'
where agents.id = :id
order by documents.path
limit 200;
