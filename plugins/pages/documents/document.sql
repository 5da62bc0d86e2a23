-- What is this document, and what does it say?
select
  documents.id,
  documents.path,
  documents.kind,
  documents.title,
  documents.domain,
  documents.reading,
  documents.first_committed,
  documents.last_committed,
  texts.body,
  domains.title as domain_title,
  (
    select value
    from about
    where name = 'repo_url'
  ) as repo_url
from documents
join texts on texts.id = documents.id
left join domains on domains.id = documents.domain
where documents.id = :id;
