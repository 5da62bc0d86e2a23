-- By which names that this document no longer has do links still lead to it?
select distinct label
from links
where to_document = :document
  and rule = 'former'
order by label;
