-- What did these contributors do, in how many claims, and what does that count for the base?
select
  parts.contributor as key,
  parts.role,
  sum(parts.claims) as claims,
  round(sum(parts.claims * roles.weight), 2) as score
from (
  select
    contributor,
    role,
    count(distinct coalesce(claim, former_id)) as claims
  from contributions
  where contributor in (select value from json_each(:keys))
  group by
    contributor,
    domain,
    role
) as parts
join roles on roles.id = parts.role
group by
  parts.contributor,
  parts.role
order by
  claims desc,
  parts.role
