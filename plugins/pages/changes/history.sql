-- How far back does the history of this base go, as far as it was read?
select value as state
from about
where name = 'history';
