-- When did somebody contribute, month by month, and to how many claims of which domains?
select
  substr(date, 1, 7) as month,
  coalesce(domain, '') as domain,
  count(distinct coalesce(claim, former_id)) as claims
from contributions
where contributor = :contributor
  and length(date) >= 7
group by
  substr(date, 1, 7),
  coalesce(domain, '')
order by
  month,
  domain;
