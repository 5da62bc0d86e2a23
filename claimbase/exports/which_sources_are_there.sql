-- Which sources are there, and what do they say of themselves?
select
  id,
  title,
  author,
  url,
  doi,
  arxiv,
  year,
  date,
  format,
  domain,
  notes,
  path
from sources
order by id;
