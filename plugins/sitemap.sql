-- Which documents and domains have a page of their own? In order, from one id on, so that no page of the list is slow.
select
  kind,
  id
from documents
where id > :after
order by id
limit :most;
