-- Which domains are there, how large, and how confident?
select
  id,
  title,
  claims,
  proven,
  likely,
  experimental,
  speculative,
  unrated
from domain_confidences
order by
  claims desc,
  id;
