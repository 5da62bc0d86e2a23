-- How many documents speak of these words, as far as they are counted?
select count(*) as documents
from (
  select 1
  from documents_fts
  where documents_fts match escape_fts(:q)
  limit 501
);
