-- In which claims had they a part lately, which, and what says so?
select
  parts.claim,
  claims.title,
  claims.confidence,
  parts.path,
  parts.roles,
  parts.rules,
  parts.date,
  parts.by_commit
from (
  -- Of what is not grouped by, the values are those of the row that has the greatest date.
  select
    claim,
    path,
    by_commit,
    max(date) as date,
    replace(group_concat(distinct role), ',', ', ') as roles,
    replace(group_concat(distinct rule), ',', ', ') as rules
  from contributions indexed by contributions_contributor
  where contributor = :id
  group by coalesce(claim, former_id)
  order by
    max(date) desc,
    path
  limit 25
) as parts
left join claims on claims.id = parts.claim
order by
  parts.date desc,
  parts.path;
