-- What does each claim link to, and what links to it?
create view claim_links as
select
  links.from_claim as claim,
  'to' as direction,
  links.relation,
  links.to_document as other,
  coalesce(documents.title, links.label) as other_title,
  documents.kind as other_kind,
  links.reason,
  links.state,
  links.path,
  links.line
from links
left join documents on documents.id = links.to_document
where links.from_claim is not null
union all
select
  links.to_claim,
  'from',
  links.relation,
  links.from_document,
  documents.title,
  documents.kind,
  links.reason,
  links.state,
  links.path,
  links.line
from links
join documents on documents.id = links.from_document
where links.to_claim is not null;
