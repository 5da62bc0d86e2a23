-- Who had a part in this claim, which, and what says so?
select
  contributors.id,
  contributors.name,
  contributions.role,
  group_concat(distinct contributions.rule) as rules
from contributions
join contributors on contributors.id = contributions.contributor
join roles on roles.id = contributions.role
where contributions.claim = :id
group by
  roles.rowid,
  contributors.id
order by
  roles.rowid,
  contributors.name
limit 40;
