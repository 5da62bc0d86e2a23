-- Which other claims and which sources is this claim related to, how, and where are their files?
select
  claim_arguments.stance,
  claims.path
from claim_arguments
join claims on claims.id = claim_arguments.other
where claim_arguments.claim = :claim
union
select
  evidence.kind,
  sources.path
from evidence
join sources on sources.id = evidence.source
where evidence.claim = :claim
order by
  1,
  2;
