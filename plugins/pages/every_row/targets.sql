-- Where do the links of this document's body lead?
select
  links.label,
  links.state,
  links.to_document,
  documents.kind as to_kind,
  documents.title as to_title
from links
left join documents on documents.id = links.to_document
where links.from_document = :id
  and links.field = 'body'
limit 2000;
