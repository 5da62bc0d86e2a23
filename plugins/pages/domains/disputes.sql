-- Which claims of this domain are challenged by other claims?
select
  challenged.id,
  challenged.title,
  challenged.confidence,
  challenger.id as challenger,
  challenger.title as challenger_title,
  challenger.confidence as challenger_confidence
from claims as challenged indexed by claims_domain
cross join arguments on arguments.to_claim = challenged.id
  and arguments.relation = 'challenges'
join claims as challenger on challenger.id = arguments.from_claim
where challenged.domain = :id
order by
  challenged.id,
  challenger.id
limit 10;
