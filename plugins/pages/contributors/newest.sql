-- In which claims had they a part lately, which, and what says so?
select
  contributions.claim,
  claims.title,
  claims.confidence,
  contributions.path,
  contributions.role,
  contributions.rule,
  contributions.date,
  contributions.by_commit
from (
  select *
  from contributions indexed by contributions_contributor
  where contributor = :id
  order by
    date desc,
    id
  limit 25
) as contributions
left join claims on claims.id = contributions.claim
order by
  contributions.date desc,
  contributions.id;
