-- Which tags do these documents have?
select
  document as key,
  tag
from document_tags
where document in (select value from json_each(:keys))
-- The plus keeps all tags from being read in their order.
order by +tag
