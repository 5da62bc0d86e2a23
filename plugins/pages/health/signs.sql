-- How does the base as a whole fare?
select
  measures.id,
  measures.unit,
  measures.meaning,
  vital_signs.value
from vital_signs
join measures on measures.id = vital_signs.measure
where vital_signs.domain is null
order by vital_signs.id;
