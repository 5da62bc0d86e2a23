-- Which domains are there?
select id
from domains
order by id;
