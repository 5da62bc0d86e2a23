-- Which keys of front matter have ever changed? The first 60, each found behind the one before it.
with recursive
fields (id) as (
  select min(field)
  from changes
  where field is not null
  union all
  select (
    select min(field)
    from changes
    where field > fields.id
  )
  from fields
  where fields.id is not null
  limit 61
)
select id
from fields
where id is not null;
