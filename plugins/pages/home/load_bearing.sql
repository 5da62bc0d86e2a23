-- Which claims do most others rest on or draw support from?
select
  claims.id,
  claims.title,
  claims.confidence,
  count(*) as uses
from arguments
join claims on claims.id = case arguments.relation
  when 'depends_on' then arguments.to_claim
  else arguments.from_claim
end
where arguments.relation in ('depends_on', 'supports')
group by claims.id
order by
  uses desc,
  claims.id
limit 8;
