-- What did they do, in how many claims, and what does that count for the base?
select
  roles.id,
  roles.meaning,
  sum(contributor_roles.claims) as claims,
  round(sum(contributor_roles.score), 2) as score
from contributor_roles
join roles on roles.id = contributor_roles.role
where contributor_roles.contributor = :id
group by roles.rowid
order by roles.rowid;
