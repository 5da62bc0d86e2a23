-- Who had a part in how many claims, from when until when, and what does it all count?
select
  contributors.id,
  contributors.name,
  contributors.agent,
  count(distinct coalesce(contributions.claim, contributions.former_id)) as claims,
  substr(min(contributions.date), 1, 10) as first,
  substr(max(contributions.date), 1, 10) as last
from contributors
join contributions on contributions.contributor = contributors.id
group by contributors.id
order by contributors.id;
