-- Which documents refer to this one, otherwise than by an argument?
select
  links.relation,
  links.reason,
  links.path,
  links.line,
  documents.id,
  documents.kind,
  documents.title
from links
join documents on documents.id = links.from_document
where links.to_document = :id
  and links.argument is null
  and links.from_document <> :id
order by
  documents.kind,
  documents.title,
  links.line
limit 200;
