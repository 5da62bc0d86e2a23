-- Which sources bear on these claims, in which way, and by which rule is that known?
select
  claim as key,
  evidence.*,
  row_number() over (partition by claim order by id) as place,
  count(*) over (partition by claim) as total
from evidence
where claim in (select value from json_each(:keys))
  and kind = coalesce(:kind, kind)
