-- Who contributed? Those with a part in most claims first.
select
  '' as key,
  contributors.id,
  row_number() over (order by count(contributions.id) desc, contributors.id) as place,
  count(*) over () as total
from contributors
left join contributions on contributions.contributor = contributors.id
group by contributors.id
