-- Which claims are in the new database and were not in the old one?
select
  claims.title,
  claims.path,
  coalesce(claims.confidence, claims.confidence_text) as confidence
from new.claims as claims
left join pairs on pairs.new = claims.id
left join old.claims as before on before.id = pairs.old
where before.id is null
order by claims.path;
