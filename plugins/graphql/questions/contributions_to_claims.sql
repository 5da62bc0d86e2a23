-- Who had a part in these claims, which, and what says so?
select
  claim as key,
  contributions.*,
  row_number() over (partition by claim order by id) as place,
  count(*) over (partition by claim) as total
from contributions
where claim in (select value from json_each(:keys))
