-- Which tags do these documents have?
select
  document as key,
  tag
from document_tags
where document in (select value from json_each(:keys))
order by tag
