-- Which claims speak of these words, of the domain and confidence asked for?
-- Those with all words in the title first, the shortest title before all; then the others, the best match before all. Of
-- words that more than 500 contain, the first 500 of either sort are compared.
with titled (id, score) as materialized (
  select
    claims_fts.rowid,
    length(claims.title)
  from claims_fts
  cross join claims on claims.rowid = claims_fts.rowid
  where claims_fts match '{title} : (' || escape_fts(:words) || ')'
    and claims.domain is coalesce(:domain, claims.domain)
    and claims.confidence is coalesce(:confidence, claims.confidence)
  limit 500
),
-- Where there are enough already, nothing is looked for: a condition that says so would be asked of every row.
matched (id, score) as (
  select
    rowid,
    bm25(claims_fts, 10, 4, 1)
  from claims_fts
  where claims_fts match case when (select count(*) from titled) < :last then escape_fts(:words) else '""' end
    and (
      coalesce(:domain, :confidence) is null
      or exists (
        select 1
        from claims
        where claims.rowid = claims_fts.rowid
          and claims.domain is coalesce(:domain, claims.domain)
          and claims.confidence is coalesce(:confidence, claims.confidence)
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
    claims_fts.rowid,
    snippet(claims_fts, 2, '⟪', '⟫', '…', 24)
  from found
  cross join claims_fts on claims_fts.rowid = found.id
  where claims_fts match escape_fts(:words)
    and instr(:words, '*') = 0
  union all
  -- To look for all words that begin so takes long: once, and not for each claim that was found.
  select
    claims_fts.rowid,
    snippet(claims_fts, 2, '⟪', '⟫', '…', 24)
  from claims_fts
  cross join found on found.id = +claims_fts.rowid
  where claims_fts match escape_fts(:words)
    and instr(:words, '*') > 0
)
select
  '' as key,
  claims.id as claim,
  found.rank as place,
  found.rank,
  found.titled,
  shown.snippet
from shown
join found on found.id = shown.id
join claims on claims.rowid = shown.id
order by found.rank
