-- Which documents speak of these words, of the kind and domain asked for?
-- Those with all words in the title first, the shortest title before all; then the others, the best match before all. Of
-- words that more than 500 contain, the first 500 of either sort are compared.
with titled (id, score) as materialized (
  select
    documents_fts.rowid,
    length(documents.title)
  from documents_fts
  cross join documents on documents.rowid = documents_fts.rowid
  where documents_fts match '{title} : (' || escape_fts(:words) || ')'
    and documents.domain is coalesce(:domain, documents.domain)
    and documents.kind is coalesce(:kind, documents.kind)
  limit 500
),
-- Where there are enough already, nothing is looked for: a condition that says so would be asked of every row.
matched (id, score) as (
  select
    rowid,
    bm25(documents_fts, 10, 1)
  from documents_fts
  where documents_fts match case when (select count(*) from titled) < :last then escape_fts(:words) else '""' end
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
  limit 500
),
ranked (id, titled, rank) as (
  select
    id,
    titled,
    row_number() over (order by titled desc, score, id)
  from (
    select
      id,
      1 as titled,
      score
    from titled
    union all
    select
      id,
      0,
      score
    from matched
    where id not in (select id from titled)
  )
),
found as materialized (
  select *
  from ranked
  where rank > :after
    and rank <= :last
),
shown (id, snippet) as (
  select
    documents_fts.rowid,
    snippet(documents_fts, 1, '⟪', '⟫', '…', 24)
  from found
  cross join documents_fts on documents_fts.rowid = found.id
  where documents_fts match escape_fts(:words)
    and instr(:words, '*') = 0
  union all
  -- To look for all words that begin so takes long: once, and not for each document that was found.
  select
    documents_fts.rowid,
    snippet(documents_fts, 1, '⟪', '⟫', '…', 24)
  from documents_fts
  cross join found on found.id = +documents_fts.rowid
  where documents_fts match escape_fts(:words)
    and instr(:words, '*') > 0
)
select
  '' as key,
  documents.id as document,
  found.rank as place,
  found.rank,
  found.titled,
  shown.snippet
from shown
join found on found.id = shown.id
join documents on documents.rowid = shown.id
order by found.rank
