-- Which claims are like these and not linked to them yet? The most alike first.
select
  claim as key,
  other as claim,
  rank,
  score,
  reason
from similar_claims
where claim in (select value from json_each(:keys))
order by rank
