-- In the titles of which claims do all of these words stand? The shortest 50 titles.
select claims.id, claims.title
from claims_fts
cross join claims on claims.rowid = claims_fts.rowid
where claims_fts match '{title} : (' || escape_fts(:name) || ')'
order by length(claims.title), claims.id
limit 50;
