-- Which documents refer to this one, otherwise than by an argument?
-- The first 100 of them, cut before their documents are looked up.
select
  mentions.relation,
  mentions.reason,
  mentions.path,
  mentions.line,
  documents.id,
  documents.kind,
  documents.title
from (
  select *
  from links
  where to_document = :id
    and argument is null
    and from_document <> :id
  limit 100
) as mentions
join documents on documents.id = mentions.from_document
order by
  documents.kind,
  documents.title,
  mentions.line;
