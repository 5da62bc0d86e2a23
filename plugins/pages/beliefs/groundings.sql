-- On what does this belief rest?
select
  dependencies.premise as id,
  dependencies.premise_kind as kind,
  coalesce(claims.title, beliefs.title, positions.title) as title,
  claims.confidence
from dependencies
left join claims on claims.id = dependencies.premise
left join beliefs on beliefs.id = dependencies.premise
left join positions on positions.id = dependencies.premise
where dependencies.node = :id
order by title
limit 200;
