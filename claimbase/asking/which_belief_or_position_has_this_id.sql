-- Is there a belief or a position with this id?
select id
from beliefs
where id = :id
union all
select id
from positions
where id = :id;
