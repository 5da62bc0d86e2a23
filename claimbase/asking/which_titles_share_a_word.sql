-- In the titles of which claims does any of these words stand? The 40 that have most of them, and the rarest.
select claims.id, claims.title
from claims_fts
cross join claims on claims.rowid = claims_fts.rowid
where claims_fts match '{title} : (' || :words || ')'
order by bm25(claims_fts), claims.id
limit 40;
