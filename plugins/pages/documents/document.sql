-- What is this document, and what does it say?
select
  documents.id,
  documents.path,
  documents.kind,
  documents.title,
  documents.domain,
  documents.reading,
  texts.body
from documents
join texts on texts.id = documents.id
where documents.id = :id;
