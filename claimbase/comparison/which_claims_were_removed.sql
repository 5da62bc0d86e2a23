-- Which claims were in the old database and are not in the new one?
select
  claims.title,
  claims.path,
  coalesce(claims.confidence, claims.confidence_text) as confidence
from old.claims as claims
left join pairs on pairs.old = claims.id
left join new.claims as after on after.id = pairs.new
where after.id is null
order by claims.path;
