-- Which contributor is this agent?
select id
from contributors
where agent = :id;
