-- What changed in these claims? The newest first.
select
  claim as key,
  changes.*,
  row_number() over (partition by claim order by date desc, id) as place,
  count(*) over (partition by claim) as total
from changes
where claim in (select value from json_each(:keys))
  and field is coalesce(:field, field)
