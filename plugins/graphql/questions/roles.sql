-- What did these contributors do, in how many claims, and what does that count for the base?
select
  contributor as key,
  role,
  sum(claims) as claims,
  round(sum(score), 2) as score
from contributor_roles
where contributor in (select value from json_each(:keys))
group by
  contributor,
  role
order by
  claims desc,
  role
