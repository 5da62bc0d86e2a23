-- What changed last, in whose commit? The newest ten changes.
select *
from change_log
order by
  date desc,
  id
limit 10;
