-- Which claims stand on the map, and where? Those with the most arguments, where there are more than it can show.
select
  claims.id,
  claims.title,
  claims.domain,
  claims.confidence,
  places.x,
  places.y,
  metrics.neighbours
from places
join claims on claims.id = places.claim
join metrics on metrics.claim = places.claim
order by
  metrics.neighbours desc,
  claims.id
limit :most;
