-- What changed in this claim, when, by whom, and drawn from which source? The newest 20.
select *
from change_log
where claim = :id
order by
  date desc,
  id
limit 20;
