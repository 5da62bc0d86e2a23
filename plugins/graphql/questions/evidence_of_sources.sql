-- On which claims do these sources bear, in which way, and by which rule is that known?
select
  source as key,
  evidence.*,
  row_number() over (partition by source order by id) as place,
  count(*) over (partition by source) as total
from evidence
where source in (select value from json_each(:keys))
  and kind = coalesce(:kind, kind)
