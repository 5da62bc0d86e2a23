-- What does each document hold, in its front matter and below it?
select
  documents.id,
  documents.path,
  documents.kind,
  documents.front_matter,
  texts.body
from documents
join texts on texts.id = documents.id
order by documents.path;
