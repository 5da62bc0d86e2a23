-- Which document once had this id, what is it now, or which commit took it away?
-- One that is still there comes before one that is not, and the newest first.
select
  former_names.path,
  former_names.former_id,
  coalesce(documents.kind, former_names.kind) as kind,
  former_names.document,
  former_names.date,
  former_names.by_commit,
  commits.subject,
  commits.author,
  agents.name as agent_name
from former_names
join commits on commits.id = former_names.by_commit
left join documents on documents.id = former_names.document
left join agents on agents.id = commits.agent
where former_names.former_id = :id
  and :kind in ('document', former_names.kind)
order by
  former_names.document is null,
  former_names.date desc,
  former_names.path
limit 1;
