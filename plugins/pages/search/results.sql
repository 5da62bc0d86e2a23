-- Which documents speak of these words, of the kind, domain and confidence asked for?
-- Those with all words in the title first, the shortest title before all; then the others, the best match before all. Of
-- words that more than 500 contain, the first 500 of either sort are compared. There are :size on a page.
with page (number, first, last) as (
  select number, :size * (number - 1) + 1, :size * number
  from (select min(max(cast(:page as integer), 1), 1000 / :size) as number)
),
titled (id, score) as materialized (
  select documents_fts.rowid, length(documents.title)
  from documents_fts
  cross join documents on documents.rowid = documents_fts.rowid
  where documents_fts match '{title} : (' || escape_fts(:q) || ')'
    and :kind in ('', documents.kind)
    and :domain in ('', documents.domain)
    and (
      :confidence = ''
      or :confidence = (
        select confidence
        from claims
        where claims.id = documents.id
      )
    )
  limit 500
),
matched (id, score) as (
  select rowid, bm25(documents_fts, 10, 1)
  from documents_fts
  -- Where there are enough already, nothing is looked for: a condition that says so would be asked of every row.
  where documents_fts match case when (select count(*) from titled) <= (select last from page) then escape_fts(:q) else '""' end
    and (
      :kind || :domain || :confidence = ''
      or exists (
        select 1
        from documents
        left join claims on claims.id = documents.id
        where documents.rowid = documents_fts.rowid
          and :kind in ('', documents.kind)
          and :domain in ('', documents.domain)
          and :confidence in ('', claims.confidence)
      )
    )
  limit 500
),
ranked (id, rank, here) as (
  select id, row_number() over (order by place, score, id), count(*) over ()
  from (
    select id, 1 as place, score
    from titled
    union all
    select id, 2, score
    from matched
    where id not in (
      select id
      from titled
    )
    order by place, score, id
    -- One more than are shown tells that there is a page after this one.
    limit :size + 1 offset (select first - 1 from page)
  )
),
found (id, rank, page_before, page_after) as materialized (
  select ranked.id, first - 1 + ranked.rank, nullif(number - 1, 0), case when ranked.here > :size then number + 1 end
  from page
  cross join ranked
  where ranked.rank <= :size
),
shown (id, snippet) as (
  select documents_fts.rowid, snippet(documents_fts, 1, '⟪', '⟫', '…', 28)
  from found
  cross join documents_fts on documents_fts.rowid = found.id
  where documents_fts match escape_fts(:q)
    and instr(:q, '*') = 0
  union all
  select documents_fts.rowid, snippet(documents_fts, 1, '⟪', '⟫', '…', 28)
  from documents_fts
  cross join found on found.id = +documents_fts.rowid
  where documents_fts match escape_fts(:q)
    and instr(:q, '*') > 0
)
select
  documents.id,
  documents.kind,
  documents.title,
  documents.domain,
  domains.title as domain_title,
  claims.confidence,
  shown.snippet,
  found.rank,
  found.page_before,
  found.page_after
from shown
join found on found.id = shown.id
join documents on documents.rowid = shown.id
left join claims on claims.id = documents.id
left join domains on domains.id = documents.domain
order by found.rank;
