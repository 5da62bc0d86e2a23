-- Where on the map does each domain lie, and how large is it?
select
  claims.domain as id,
  coalesce(domains.title, 'No domain') as title,
  count(*) as claims,
  (min(places.x) + max(places.x)) / 2 as x,
  (min(places.y) + max(places.y)) / 2 as y,
  max(max(places.x) - min(places.x), max(places.y) - min(places.y)) / 2 + 60 as radius
from places
join claims on claims.id = places.claim
left join domains on domains.id = claims.domain
group by claims.domain
order by
  claims desc,
  claims.domain;
