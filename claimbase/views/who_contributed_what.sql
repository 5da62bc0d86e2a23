-- Who had which part in how many claims of each domain, and what does that count?
create view contributor_roles as
select
  contributions.contributor,
  contributors.name,
  contributions.domain,
  contributions.role,
  count(distinct coalesce(contributions.claim, contributions.former_id)) as claims,
  roles.weight,
  round(count(distinct coalesce(contributions.claim, contributions.former_id)) * roles.weight, 2) as score,
  min(contributions.date) as first,
  max(contributions.date) as last
from contributions
join contributors on contributors.id = contributions.contributor
join roles on roles.id = contributions.role
group by contributions.contributor, contributions.domain, contributions.role;
