-- Which claims does this source bear on, and how?
select
  claims.id,
  claims.title,
  claims.confidence,
  group_concat(distinct evidence.kind) as kinds,
  group_concat(distinct evidence.rule) as rules
from evidence
join claims on claims.id = evidence.claim
where evidence.source = :id
group by claims.id
order by claims.title
limit 500;
