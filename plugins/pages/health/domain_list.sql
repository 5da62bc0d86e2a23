-- How does each domain fare?
select
  id,
  title,
  claims,
  linkage_density,
  orphan_ratio,
  sourced_share,
  challenged_share,
  overrated_share,
  median_age
from domain_health
where id is not null
order by
  claims desc,
  id;
