-- What rests on this belief?
select
  dependencies.node as id,
  dependencies.kind,
  coalesce(claims.title, beliefs.title, positions.title) as title,
  claims.confidence
from dependencies
left join claims on claims.id = dependencies.node
left join beliefs on beliefs.id = dependencies.node
left join positions on positions.id = dependencies.node
where dependencies.premise = :id
order by title
limit 200;
