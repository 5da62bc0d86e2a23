-- Which objections to this claim are put in words?
select
  label as words,
  path,
  line
from links
where from_claim = :id
  and relation = 'challenged_by'
  and state = 'prose'
order by line;
