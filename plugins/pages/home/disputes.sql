-- Which claims are challenged by other claims?
select
  challenged.id,
  challenged.title,
  challenged.confidence,
  challenger.id as challenger,
  challenger.title as challenger_title,
  challenger.confidence as challenger_confidence
from (
  select
    to_claim,
    from_claim
  from arguments
  where relation = 'challenges'
  -- The plus keeps the index of claims out of it: in its order all arguments would be read where few are challenges.
  order by
    +to_claim,
    from_claim
  limit 8
) as challenges
join claims as challenged on challenged.id = challenges.to_claim
join claims as challenger on challenger.id = challenges.from_claim
order by
  challenged.id,
  challenger.id;
