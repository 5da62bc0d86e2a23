-- Which claims are challenged by other claims?
select
  challenged.id,
  challenged.title,
  challenged.confidence,
  challenger.id as challenger,
  challenger.title as challenger_title,
  challenger.confidence as challenger_confidence
from arguments
join claims as challenged on challenged.id = arguments.to_claim
join claims as challenger on challenger.id = arguments.from_claim
where arguments.relation = 'challenges'
order by
  challenged.id,
  challenger.id
limit 8;
