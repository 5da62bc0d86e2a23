-- Which confidences moved last?
select *
from change_log
where field = 'confidence'
  and claim is not null
order by
  date desc,
  id
limit 6;
