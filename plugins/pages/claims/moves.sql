-- When did the confidence of this claim move, by whom and why? The newest first.
select *
from change_log
where claim = :id
  and field = 'confidence'
order by
  date desc,
  id
limit 20;
