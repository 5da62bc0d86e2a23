-- What does this agent believe, and on how much does each belief rest?
select
  beliefs.id,
  beliefs.number,
  beliefs.title,
  count(dependencies.premise) as premises,
  min(confidences.rank) as weakest_rank,
  (
    select id
    from confidences as weakest
    where weakest.rank = min(confidences.rank)
  ) as weakest
from beliefs
left join dependencies on dependencies.node = beliefs.id
left join claims on claims.id = dependencies.premise
left join confidences on confidences.id = claims.confidence
where beliefs.agent = :id
group by beliefs.id
order by
  beliefs.document,
  beliefs.number
limit 200;
