-- What did they do, how often, and what does each count for the base?
select
  roles.id,
  roles.meaning,
  roles.weight,
  count(*) as contributions
from contributions
join roles on roles.id = contributions.role
where contributions.contributor = :id
group by roles.rowid
order by roles.rowid;
