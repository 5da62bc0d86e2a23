-- Who had a part in this claim, which, and what says so?
select
  parts.contributor as id,
  contributors.name,
  parts.role,
  group_concat(contribution_rules.meaning, '; ') as meanings
from (
  select distinct
    contributor,
    role,
    rule
  from contributions
  where claim = :id
) as parts
join contributors on contributors.id = parts.contributor
join roles on roles.id = parts.role
join contribution_rules on contribution_rules.id = parts.rule
group by
  roles.rowid,
  parts.contributor
order by
  roles.rowid,
  contributors.name
limit 40;
