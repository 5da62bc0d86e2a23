-- Of which kinds, domains and confidences are the documents that speak of these words?
-- Of the first 500, so that a common word takes no longer than a rare one.
with matched as (
  select documents_fts.rowid as id
  from documents_fts
  where documents_fts match escape_fts(:q)
  limit 500
),
found as materialized (
  select
    documents.kind,
    documents.domain,
    claims.confidence
  from matched
  join documents on documents.rowid = matched.id
  left join claims on documents.kind = 'claim' and claims.id = documents.id
)
select 'kind' as facet, kind as value, kind as title, count(*) as documents
from found
group by kind
union all
select 'domain', found.domain, domains.title, count(*)
from found
join domains on domains.id = found.domain
group by found.domain
union all
select 'confidence', found.confidence, found.confidence, count(*)
from found
where found.confidence is not null
group by found.confidence
order by
  1,
  4 desc,
  2;
