-- What does each role count, where the base says so?
select
  id,
  weight
from roles
where weight is not null
order by rowid;
