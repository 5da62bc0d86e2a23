-- What is this document, in a few words?
select
  documents.id,
  documents.kind,
  documents.title,
  claims.confidence,
  domains.title as domain_title,
  coalesce(claims.description, sources.author, entities.summary, positions.description) as summary,
  metrics.supported_by,
  metrics.challenged_by + metrics.objections as objections
from documents
left join claims on claims.id = documents.id
left join sources on sources.id = documents.id
left join entities on entities.id = documents.id
left join positions on positions.id = documents.id
left join domains on domains.id = documents.domain
left join metrics on metrics.claim = documents.id
where documents.id = :id;
