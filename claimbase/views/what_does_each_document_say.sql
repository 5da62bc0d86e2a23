-- What does each document say, wherever its body is kept?
create view texts as
select
  documents.rowid as rowid,
  documents.id,
  documents.kind,
  documents.domain,
  documents.path,
  documents.title,
  coalesce(claims.body, sources.body, entities.body, positions.body, documents.body) as body
from documents
left join claims on claims.id = documents.id
left join sources on sources.id = documents.id
left join entities on entities.id = documents.id
left join positions on positions.id = documents.id;
