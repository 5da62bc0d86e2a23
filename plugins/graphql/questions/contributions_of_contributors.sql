-- In which claims had these contributors a part? The newest first.
select
  contributor as key,
  contributions.*,
  row_number() over (partition by contributor order by date desc, id) as place,
  count(*) over (partition by contributor) as total
from contributions
where contributor in (select value from json_each(:keys))
