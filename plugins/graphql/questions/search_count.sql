-- How many claims speak of these words, of the domain and confidence asked for?
select
  '' as key,
  count(*) as total
from claims_fts
where claims_fts match escape_fts(:words)
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
