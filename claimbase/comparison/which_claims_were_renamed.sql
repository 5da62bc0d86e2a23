-- Which claims lie in another file than before, and in which did they lie?
select
  after.title,
  after.path,
  before.path as old_path
from pairs
join old.claims as before on before.id = pairs.old
join new.claims as after on after.id = pairs.new
where before.path <> after.path
order by after.path;
