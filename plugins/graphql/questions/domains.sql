-- Which domains are there? Those with most claims first.
select
  '' as key,
  domains.id,
  row_number() over (order by count(claims.id) desc, domains.id) as place,
  count(*) over () as total
from domains
left join claims on claims.domain = domains.id
group by domains.id
