-- Which pull requests added how many claims, when, and whose were they?
with added as (
  select
    coalesce(commits.merged_in, commits.id) as by_commit,
    count(*) as claims,
    min(commits.agent) as agent
  from changes
  join commits on commits.id = changes.by_commit
  where changes.kind = 'created'
  group by coalesce(commits.merged_in, commits.id)
)
select
  commits.pull_request,
  coalesce(commits.agent, added.agent) as agent,
  added.claims,
  substr(commits.date, 1, 10) as day
from added
join commits on commits.id = added.by_commit
where commits.pull_request is not null
order by
  day,
  commits.number;
