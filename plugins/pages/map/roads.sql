-- How many arguments lead from one domain to another?
select
  min(acting.domain, other.domain) as from_domain,
  max(acting.domain, other.domain) as to_domain,
  count(*) as arguments
from arguments
join claims as acting on acting.id = arguments.from_claim
join claims as other on other.id = arguments.to_claim
where acting.domain <> other.domain
group by
  from_domain,
  to_domain
order by
  arguments desc,
  from_domain,
  to_domain
limit 40;
