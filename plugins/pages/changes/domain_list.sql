-- Which domains may changes be narrowed down to?
select
  id,
  title
from domains
order by title;
