-- Which sources bear on this claim, and how?
select distinct
  kind,
  source
from evidence
where claim = :claim
  and source is not null
order by
  kind,
  source;
