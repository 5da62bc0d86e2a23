-- Of what kind is the document or belief of this id?
select kind
from documents
where id = :id
union all
select 'belief'
from beliefs
where id = :id;
