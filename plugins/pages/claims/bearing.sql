-- What supports, challenges or carries this claim, and what does it support, challenge or rest on?
select
  claim_arguments.stance,
  claim_arguments.other,
  claim_arguments.other_title,
  claim_arguments.other_confidence,
  claim_arguments.asserted,
  (
    select group_concat(links.reason, ' · ')
    from links
    where links.argument = claim_arguments.argument
  ) as reason
from claim_arguments
where claim_arguments.claim = :id
order by
  case claim_arguments.stance
    when 'supported by' then 1
    when 'challenged by' then 2
    when 'rests on' then 3
    when 'supports' then 4
    when 'challenges' then 5
    when 'carries' then 6
    else 7
  end,
  claim_arguments.other_title
limit 200;
