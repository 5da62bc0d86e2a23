-- How does the base as a whole fare, in the figures that are shares?
select
  measures.id,
  measures.meaning,
  vital_signs.value
from vital_signs
join measures on measures.id = vital_signs.measure
where vital_signs.domain is null
  and measures.unit like 'share%'
  and measures.id not like '%_share'
  or vital_signs.domain is null
  and measures.id in ('sourced_share', 'challenged_share', 'overrated_share')
order by vital_signs.id;
