-- Which domains did somebody contribute to, with how many claims each?
select
  domain,
  count(distinct coalesce(claim, former_id)) as claims
from contributions
where contributor = :contributor
  and domain is not null
group by domain
order by domain;
