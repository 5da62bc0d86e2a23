-- Which roles did somebody have, in how many claims each, and what does one of them count?
select
  roles.id as role,
  roles.weight,
  (
    select count(distinct coalesce(contributions.claim, contributions.former_id))
    from contributions
    where contributions.contributor = :contributor
      and contributions.role = roles.id
  ) as claims
from roles
order by roles.rowid;
