-- Which claim has this id?
select id, title
from claims
where id = :id;
