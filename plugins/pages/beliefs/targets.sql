-- Where do the links of this belief lead?
select
  links.label,
  links.state,
  links.to_document,
  documents.kind as to_kind,
  documents.title as to_title
from beliefs
join links on links.from_document = beliefs.document
  and links.field = 'body'
left join documents on documents.id = links.to_document
where beliefs.id = :id
limit 2000;
