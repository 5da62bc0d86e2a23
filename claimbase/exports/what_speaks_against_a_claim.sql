-- What has been said against this claim, in the titles of other claims and in words?
select claims.title as words
from arguments
join claims on claims.id = arguments.from_claim
where arguments.to_claim = :claim
  and arguments.relation = 'challenges'
union
select label
from links
where from_claim = :claim
  and relation = 'challenged_by'
  and state = 'prose'
order by words;
