-- How does this domain fare, beside the whole base?
select
  measures.id,
  measures.unit,
  measures.meaning,
  vital_signs.value,
  whole.value as of_all
from vital_signs
join measures on measures.id = vital_signs.measure
left join vital_signs as whole on whole.measure = vital_signs.measure
  and whole.domain is null
where vital_signs.domain = :id
order by vital_signs.id;
