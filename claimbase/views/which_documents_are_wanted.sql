-- Which documents do others refer to although nobody has written them, and how often?
create view wanted_documents as
select
  min(label) as label,
  count(*) as links,
  count(distinct from_document) as documents,
  max(suggestion) as suggestion,
  min(path || ':' || line) as first_seen
from links
where state = 'dead'
group by lower(label);
