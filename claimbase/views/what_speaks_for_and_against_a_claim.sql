-- What supports, challenges or carries each claim, and what does it support, challenge or rest on in turn?
create view claim_arguments as
select
  arguments.to_claim as claim,
  case arguments.relation
    when 'supports' then 'supported by'
    when 'challenges' then 'challenged by'
    when 'depends_on' then 'carries'
    else 'related to'
  end as stance,
  arguments.from_claim as other,
  claims.title as other_title,
  claims.confidence as other_confidence,
  arguments.asserted,
  arguments.witnesses,
  arguments.id as argument
from arguments
join claims on claims.id = arguments.from_claim
union all
select
  arguments.from_claim,
  case arguments.relation
    when 'supports' then 'supports'
    when 'challenges' then 'challenges'
    when 'depends_on' then 'rests on'
    else 'related to'
  end,
  arguments.to_claim,
  claims.title,
  claims.confidence,
  arguments.asserted,
  arguments.witnesses,
  arguments.id
from arguments
join claims on claims.id = arguments.to_claim;
