-- How many documents speak of these words, of the kind and domain asked for?
select
  '' as key,
  count(*) as total
from documents_fts
where documents_fts match escape_fts(:words)
  and (
    coalesce(:domain, :kind) is null
    or exists (
      select 1
      from documents
      where documents.rowid = documents_fts.rowid
        and documents.domain is coalesce(:domain, documents.domain)
        and documents.kind is coalesce(:kind, documents.kind)
    )
  )
