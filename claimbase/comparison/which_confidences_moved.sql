-- Which claims are rated otherwise than before, and is that up, down or neither?
select
  after.title,
  after.path,
  coalesce(before.confidence, before.confidence_text) as old,
  coalesce(after.confidence, after.confidence_text) as new,
  case sign(new_rank.rank - old_rank.rank)
    when 1 then 'up'
    when -1 then 'down'
  end as direction
from pairs
join old.claims as before on before.id = pairs.old
join new.claims as after on after.id = pairs.new
left join old.confidences as old_rank on old_rank.id = before.confidence
left join new.confidences as new_rank on new_rank.id = after.confidence
where coalesce(before.confidence, before.confidence_text) is not coalesce(after.confidence, after.confidence_text)
order by after.path;
